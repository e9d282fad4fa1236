import * as vscode from 'vscode';
import { Cancelled, Problem } from '../problem';
import { problemText } from './problemText';
import type { ShownLog } from './window/log';
import { showError } from './window/notices';

/** Runs what a person asked for, and shows what went wrong with what mends it. What was cancelled is not news. */
export async function reported(log: ShownLog, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Cancelled) return;
    const text = error instanceof Problem ? problemText(error) : String(error);
    log.error(error instanceof Error ? (error.stack ?? text) : text);
    const showLog = vscode.l10n.t('Show Log');
    // Not awaited: the command is over although the notification stays.
    void showError(`RPS Trace: ${text}`, showLog).then((chosen) => {
      if (chosen === showLog) log.show();
    });
  }
}
