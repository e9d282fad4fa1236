import * as vscode from 'vscode';
import { openConnection } from '../hosts/open';
import { parseTarget, targetText } from '../hosts/target';
import { cleanUp } from '../loader/cleanUp';
import type { CommandContext } from './commands';
import { pickHost } from './hostPick';
import { hostName } from './hostName';
import { said } from '../translate/said';
import { showInformation, showWarning } from './window/notices';
import { inNotification } from './window/progress';

/** Removes every trace of the loader from a host, and tells what was removed. */
export async function cleanUpHost(
  host: unknown,
  { traces, memory, reach, log }: CommandContext,
): Promise<void> {
  const target = typeof host === 'string' && host !== '' ? parseTarget(host) : await pickHost(memory, log);
  if (!target) return;
  const name = targetText(target);
  if (traces.active.some((trace) => targetText(trace.target) === name)) {
    void showWarning(
      vscode.l10n.t('{0} is being traced. Stop tracing before you clean it up.', hostName(name)),
    );
    return;
  }
  const title = vscode.l10n.t('RPS Trace: cleaning up {0}', hostName(name));
  const removed = await inNotification(title, async (report, signal) => {
    const onStep = (step: string) => report(said(step));
    const connection = await openConnection(target, { ...reach(), signal, onStep });
    try {
      return await cleanUp(connection, signal);
    } finally {
      connection.dispose();
    }
  });
  log.info(`${name}: cleaned up, removed: ${removed.join(', ') || 'nothing'}`);
  const message =
    removed.length === 0
      ? vscode.l10n.t('There was nothing of RPS Trace on {0}.', hostName(name))
      : vscode.l10n.t('Removed from {0}: {1}', hostName(name), removed.join(', '));
  void showInformation(message);
}
