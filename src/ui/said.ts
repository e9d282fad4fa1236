import * as vscode from 'vscode';
import { Phrases } from '../phrases';
import type { Problem } from '../problem';
import type { ProblemText, ShownState } from '../protocol/panel';
import type { ApplyState } from '../protocol/tuning';

const phrases = new Phrases(vscode.l10n.bundle ?? {});

/** A text of the parts that know nothing of VS Code, in the language of the window. */
export const said = (text: string): string => phrases.say(text);

/** What went wrong and what mends it, in the language of the window. */
export const saidProblem = ({ message, hint }: Pick<Problem, 'message' | 'hint'>): string =>
  `${said(message)} ${said(hint)}`;

const saidText = (problem: ProblemText): ProblemText => ({
  ...problem,
  message: said(problem.message),
  hint: said(problem.hint),
});

/** Where a trace stands, its texts in the language of the window. */
export function saidState(state: ShownState): ShownState {
  switch (state.kind) {
    case 'connecting':
      return { ...state, step: said(state.step) };
    case 'stopped':
      return { ...state, reason: said(state.reason) };
    case 'failed':
      return { ...state, ...saidText(state) };
    case 'tracing':
      return state.unprivileged ? { ...state, unprivileged: saidText(state.unprivileged) } : state;
    case 'idle':
    case 'stopping':
    case 'recording':
      return state;
  }
}

/** Where an apply stands, its texts in the language of the window. */
export function saidApply(apply: ApplyState): ApplyState {
  switch (apply.kind) {
    case 'previewed':
      return {
        ...apply,
        problem: apply.problem && saidText(apply.problem),
        gone: apply.gone.map(said),
      };
    case 'failed':
    case 'lost':
      return { ...apply, problem: saidText(apply.problem) };
    default:
      return apply;
  }
}
