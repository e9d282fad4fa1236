import { shortened } from '../inert';
import { said } from './said';

/** Longest name of a host in a sentence, characters: more would push the rest of it out of sight. */
const MAX_NAME = 80;

/** What a host is called, in the language of the window and short enough to stand in a sentence. */
export const hostName = (label: string): string => shortened(said(label), MAX_NAME);
