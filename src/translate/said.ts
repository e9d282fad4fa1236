import * as vscode from 'vscode';
import { Phrases } from './phrases';
import type { Problem } from '../problem';
import type { HostChoice, HostFacts, ProblemText, ShownState } from '../../shared/messages/panel';
import type { ApplyState, Predictions, Tuning } from '../../shared/messages/tuning';

const phrases = new Phrases(vscode.l10n.bundle ?? {});

/** A text of the parts that know nothing of VS Code, in the language of the window. */
export const said = (text: string): string => phrases.say(text);

/** What went wrong and what mends it, in the language of the window. What the loader says ends without a stop. */
export const saidProblem = ({ message, hint }: Pick<Problem, 'message' | 'hint'>): string =>
  `${withStop(said(message))} ${said(hint)}`;

function withStop(text: string): string {
  if (/[.!?。！？]$/.test(text)) return text;
  return text + (/\p{Script=Han}/u.test(text) ? '。' : '.');
}

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

/** What the loader said of the host, with why it does without some backends in the language of the window. */
export const saidFacts = (facts: HostFacts): HostFacts => ({
  ...facts,
  backends: facts.backends.map((backend) => ({
    ...backend,
    ...(backend.why !== undefined && { why: said(backend.why) }),
    ...(backend.hint !== undefined && { hint: said(backend.hint) }),
  })),
});

/** The hosts as they are called in the language of the window; `showHost` knows them by these names. */
export const saidHosts = (hosts: readonly HostChoice[]): readonly HostChoice[] =>
  hosts.map((host) => ({ ...host, label: said(host.label) }));

/** Where the prediction of candidates stands, its texts in the language of the window. */
export const saidPredictions = (predictions: Predictions): Predictions =>
  predictions.kind === 'refused' ? { ...predictions, error: said(predictions.error) } : predictions;

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

/** All that there is of tuning, its texts in the language of the window. */
export const saidTuning = (tuning: Tuning): Tuning => ({
  ...tuning,
  predictions: saidPredictions(tuning.predictions),
  apply: saidApply(tuning.apply),
});
