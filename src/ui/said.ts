import * as vscode from 'vscode';
import { Phrases } from '../phrases';
import type { Problem } from '../problem';
import type { ShownState } from '../protocol/panel';

const phrases = new Phrases(vscode.l10n.bundle ?? {});

/** A text of the parts that know nothing of VS Code, in the language of the window. */
export const said = (text: string): string => phrases.say(text);

/** What went wrong and what mends it, in the language of the window. */
export const saidProblem = ({ message, hint }: Pick<Problem, 'message' | 'hint'>): string =>
  `${said(message)} ${said(hint)}`;

/** Where a trace stands, its texts in the language of the window. */
export function saidState(state: ShownState): ShownState {
  switch (state.kind) {
    case 'connecting':
      return { ...state, step: said(state.step) };
    case 'stopped':
      return { ...state, reason: said(state.reason) };
    case 'failed':
      return { ...state, message: said(state.message), hint: said(state.hint) };
    case 'idle':
    case 'tracing':
    case 'stopping':
    case 'recording':
      return state;
  }
}
