import * as vscode from 'vscode';
import type { Trace } from '../trace/trace';
import { said } from './said';

/** Shows what a trace waits for while it connects, and lets that be cancelled. */
export async function withProgress(
  trace: Trace,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('[RPS Trace](command:rpsTrace.showLog "Show Log")');
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    const watch = trace.watch((state) => {
      if (state.kind === 'connecting') progress.report({ message: said(state.step) });
    });
    try {
      await work(cancelled.signal);
    } finally {
      watch.dispose();
    }
  });
}
