import * as vscode from 'vscode';
import { inert } from '../../inert';

/** Shows in a notification what is waited for; aborts the signal when the person cancels. Without a title it links to the log. */
export function inNotification<T>(
  title: string | undefined,
  work: (report: (step: string) => void, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title:
      title === undefined ? vscode.l10n.t('[RPS Trace](command:rpsTrace.showLog "Show Log")') : inert(title),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    return work((step) => progress.report({ message: inert(step) }), cancelled.signal);
  });
}

/** Shows in the status bar what is waited for. */
export function inStatusBar<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: inert(title) }, work);
}
