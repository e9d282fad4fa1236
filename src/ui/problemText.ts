import * as vscode from 'vscode';
import { quoted } from '../inert';
import type { ProblemCode } from '../problem';
import type { ProblemText } from '../../shared/messages/panel';
import { said, saidProblem } from '../translate/said';

/** Codes of problems whose message and hint come from the loader, or from a program in its place: `loaderProblem()`. */
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

/** Message and hint of a problem in the language of the window; the loader's own are quoted as such. */
export const problemText = (problem: ProblemText): string => attributed(problem, saidProblem(problem));

/** Its message alone. */
export const problemMessage = (problem: ProblemText): string => attributed(problem, said(problem.message));

const attributed = ({ code }: ProblemText, text: string): string =>
  saidByLoader.has(code) ? vscode.l10n.t('The loader says: {0}', quoted(text)) : text;
