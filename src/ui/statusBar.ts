import * as vscode from 'vscode';
import type { TraceState } from '../protocol/panel';
import type { Traces } from '../trace/traces';
import { stateWords } from './stateWords';

const rate = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** The one item in the status bar: the host in front and its rate, or what is wrong. */
export function statusBar(traces: Traces): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('rpsTrace.status', vscode.StatusBarAlignment.Left);
  item.name = 'RPS Trace';
  item.command = 'rpsTrace.showPanel';
  const show = () => {
    const trace = traces.front;
    if (!trace) {
      item.hide();
      return;
    }
    item.text = `${icon(trace.state)} ${trace.label}${suffix(trace.state, trace.decisionsPerSecond)}`;
    item.tooltip = vscode.l10n.t('RPS Trace: {0}. Click to show the panel.', stateWords(trace.state));
    item.backgroundColor =
      trace.state.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  };
  const updates = traces.listen((message) => {
    if (message.type === 'state' || message.type === 'sample' || message.type === 'snapshot') show();
  });
  return vscode.Disposable.from(item, updates);
}

function suffix(state: TraceState, decisionsPerSecond: number): string {
  return state.kind === 'tracing' ? `: ${rate.format(decisionsPerSecond)}/s` : '';
}

function icon({ kind }: TraceState): string {
  switch (kind) {
    case 'connecting':
    case 'stopping':
      return '$(sync~spin)';
    case 'tracing':
      return '$(pulse)';
    case 'failed':
      return '$(error)';
    case 'idle':
    case 'stopped':
      return '$(debug-stop)';
  }
}
