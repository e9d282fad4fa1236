import * as vscode from 'vscode';
import { quoted } from '../inert';
import type { ProblemCode } from '../problem';
import type { ProblemText } from '../protocol/panel';
import { said, saidProblem } from './said';

/** Problems whose message and hint are what runs on the host says, in the loader's place: `loaderProblem()`. */
const saidByLoader: ReadonlySet<string> = new Set<ProblemCode>([
  'LOADER_FAILED',
  'FILTER_REFUSED',
  'MASK_CHANGED',
  'MASK_GUARDED',
  'MASK_TOO_WIDE',
  'MASK_REFUSED',
  'QUEUE_GONE',
  'SYSFS_READ_ONLY',
  'WRITE_REFUSED',
]);

/** What went wrong and what mends it, in the language of the window; a host's own words are quoted as such. */
export const problemText = (problem: ProblemText): string => attributed(problem, saidProblem(problem));

/** What went wrong, without what mends it. */
export const problemMessage = (problem: ProblemText): string => attributed(problem, said(problem.message));

const attributed = ({ code }: ProblemText, text: string): string =>
  saidByLoader.has(code) ? vscode.l10n.t('The loader says: {0}', quoted(text)) : text;
