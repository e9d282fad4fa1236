import * as vscode from 'vscode';
import { targetText } from '../hosts/target';
import type { Trace } from '../trace/trace';
import type { Traces } from '../trace/traces';
import { hostName } from './hostName';
import { problemMessage } from './problemText';
import { showWarning } from './window/notices';

/** Tells of a trace that fails while another host is shown: the panel says nothing of it but the word on the list. */
export function tellOfTheUnseen(traces: Traces): vscode.Disposable {
  const tracing = new Set<Trace>();
  const watch = traces.watch((trace) => {
    const { state } = trace;
    // What fails before it counts is told by the command that started it.
    if (state.kind === 'failed' && tracing.has(trace) && trace !== traces.front) {
      void tell(trace, problemMessage(state), traces);
    }
    if (state.kind === 'tracing') tracing.add(trace);
    else if (state.kind !== 'stopping') tracing.delete(trace);
  });
  return vscode.Disposable.from(watch);
}

async function tell(trace: Trace, message: string, traces: Traces): Promise<void> {
  const resume = vscode.l10n.t('Resume');
  const show = vscode.l10n.t('Show');
  const text = vscode.l10n.t('The trace of {0} has ended: {1}', hostName(trace.label), message);
  const chosen = await showWarning(text, resume, show);
  if (chosen === resume) await vscode.commands.executeCommand('rpsTrace.start', targetText(trace.target));
  if (chosen === show) traces.bringToFront(trace);
}
