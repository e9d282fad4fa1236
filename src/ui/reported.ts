import * as vscode from 'vscode';
import { Cancelled, Problem } from '../problem';
import { saidProblem } from './said';

/** Runs what a person asked for, and shows what went wrong with what mends it. What was cancelled is not news. */
export async function reported(log: vscode.LogOutputChannel, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Cancelled) return;
    const text = error instanceof Problem ? saidProblem(error) : String(error);
    log.error(error instanceof Error ? (error.stack ?? text) : text);
    const showLog = vscode.l10n.t('Show Log');
    // Not awaited: the command is over although the notification stays.
    void vscode.window.showErrorMessage(`RPS Trace: ${text}`, showLog).then((chosen) => {
      if (chosen === showLog) log.show();
    });
  }
}
