import { shortened } from '../inert';
import { said } from '../translate/said';

/** Longest name of a host in a sentence, characters: more would push the rest of it out of sight. */
const MAX_NAME = 80;

/** Name of a host in the language of the window, short enough to stand in a sentence. */
export const hostName = (label: string): string => shortened(said(label), MAX_NAME);
