import * as vscode from 'vscode';
import type { TraceState } from '../../shared/messages/panel';
import type { Scope } from '../../shared/scope';
import type { Recordings } from '../recording/recordings';
import type { Trace } from '../trace/trace';
import type { Traces } from '../trace/traces';
import { hostName } from './hostName';
import { stateWords } from './stateWords';
import { StatusItem } from './window/statusItem';

const rate = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** The one item in the status bar: the host in front and its rate, or what is wrong. */
export function statusBar(traces: Traces, recordings: Recordings): vscode.Disposable {
  const item = new StatusItem('rpsTrace.status', 'RPS Trace', 'rpsTrace.showPanel');
  const show = () => {
    const trace = traces.front;
    if (!trace) {
      item.hide();
      return;
    }
    const recording = recordings.of(trace);
    const state = vscode.l10n.t('RPS Trace: {0}. Click to show the panel.', stateWords(trace));
    const where = recording ? [vscode.l10n.t('Recording to {0}', recording.path)] : [];
    item.show({
      icons: [...(recording ? ['record'] : []), icon(trace.state)],
      text: `${hostName(trace.label)}${suffix(trace)}`,
      tooltip: [state, ...scopeLines(trace.scope), ...where],
      background: trace.state.kind === 'failed' ? 'error' : undefined,
    });
  };
  const updates = traces.listen((message) => {
    if (['state', 'sample', 'snapshot', 'scope'].includes(message.type)) show();
  });
  return vscode.Disposable.from(item, updates, recordings.watch(show));
}

function scopeLines({ filter, interfaces, netns }: Scope): string[] {
  return [
    ...(filter === '' ? [] : [vscode.l10n.t('Filter: {0}', filter)]),
    ...(interfaces.length === 0 ? [] : [vscode.l10n.t('Interfaces: {0}', interfaces.join(', '))]),
    ...(netns === '' ? [] : [vscode.l10n.t('Network namespace: {0}', netns)]),
  ];
}

/** How much is counted, where anything is. */
function suffix({ state, readsOnly, decisionsPerSecond }: Trace): string {
  return state.kind === 'tracing' && !readsOnly ? `: ${rate.format(decisionsPerSecond)}/s` : '';
}

function icon({ kind }: TraceState): string {
  switch (kind) {
    case 'connecting':
    case 'stopping':
      return 'sync~spin';
    case 'tracing':
      return 'pulse';
    case 'failed':
      return 'error';
    case 'idle':
    case 'stopped':
      return 'debug-stop';
  }
}
