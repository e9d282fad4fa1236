import * as vscode from 'vscode';
import { openConnection } from '../hosts/open';
import { parseTarget, targetText } from '../hosts/target';
import { cleanUp } from '../loader/cleanUp';
import type { CommandContext } from './commands';
import { pickHost } from './hostPick';
import { said } from './said';

/** Removes every trace of the loader from a host, and tells what was removed. */
export async function cleanUpHost(
  host: unknown,
  { traces, memory, reach, log }: CommandContext,
): Promise<void> {
  const target = typeof host === 'string' && host !== '' ? parseTarget(host) : await pickHost(memory, log);
  if (!target) return;
  const name = targetText(target);
  if (traces.active.some((trace) => targetText(trace.target) === name)) {
    const message = vscode.l10n.t('{0} is being traced. Stop tracing before you clean it up.', name);
    void vscode.window.showWarningMessage(message);
    return;
  }
  const title = vscode.l10n.t('RPS Trace: cleaning up {0}', name);
  const location = vscode.ProgressLocation.Notification;
  const removed = await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      const cancelled = new AbortController();
      token.onCancellationRequested(() => cancelled.abort());
      const { signal } = cancelled;
      const onStep = (message: string) => progress.report({ message: said(message) });
      const connection = await openConnection(target, { ...reach(), signal, onStep });
      try {
        return await cleanUp(connection, signal);
      } finally {
        connection.dispose();
      }
    },
  );
  log.info(`${name}: cleaned up, removed: ${removed.join(', ') || 'nothing'}`);
  const message =
    removed.length === 0
      ? vscode.l10n.t('There was nothing of RPS Trace on {0}.', name)
      : vscode.l10n.t('Removed from {0}: {1}', name, removed.join(', '));
  void vscode.window.showInformationMessage(message);
}
