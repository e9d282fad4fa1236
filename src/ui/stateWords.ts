import * as vscode from 'vscode';
import { quoted } from '../inert';
import type { Trace } from '../trace/trace';
import { problemMessage } from './problemText';
import { said } from '../translate/said';

/** Where a trace stands, in a few words, in the language of the window. */
export function stateWords({ state, readsOnly }: Pick<Trace, 'state' | 'readsOnly'>): string {
  switch (state.kind) {
    case 'idle':
      return vscode.l10n.t('not started');
    case 'connecting':
      return said(state.step);
    case 'tracing':
      return readsOnly ? vscode.l10n.t('reading only') : vscode.l10n.t('tracing');
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'stopped':
      return vscode.l10n.t('stopped ({0})', quoted(said(state.reason)));
    case 'failed':
      return problemMessage(state);
  }
}
