import * as vscode from 'vscode';
import type { PlannedWrite } from '../protocol/tuning';
import { said } from './said';

/** Lines that a dialog shows; the log has all of them. */
const LINES = 16;

/** Shows the exact writes on a host in a dialog, and asks whether they may be done. */
export async function askToWrite(
  host: string,
  writes: readonly PlannedWrite[],
  seconds: number,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  const lines = writes.map(lineOf);
  log.info(`${host}: asking to write\n${lines.join('\n')}`);
  const more = lines.length - LINES;
  const detail = [
    ...lines.slice(0, LINES),
    ...(more > 0 ? [vscode.l10n.t('… and {0} more, all of which are in the log.', more)] : []),
    '',
    vscode.l10n.t('A guard on the host takes them back after {0} s unless you keep them.', seconds),
  ];
  const write = vscode.l10n.t('Write Masks');
  const message = vscode.l10n.t('Write rps_cpus of {0} queues on {1}?', writes.length, said(host));
  const modal = { modal: true, detail: detail.join('\n') };
  return (await vscode.window.showWarningMessage(message, modal, write)) === write;
}

/** The file, its namespace before it, what is there, and what is written. */
function lineOf({ netnsName, path, before, after, kept, conflict }: PlannedWrite): string {
  const where = netnsName === undefined ? path : `[${netnsName}] ${path}`;
  const keeps = kept === after ? '' : ` ${vscode.l10n.t('(the kernel keeps {0})', kept)}`;
  const changed =
    conflict === undefined ? '' : ` ${vscode.l10n.t('(changed by somebody since: was {0})', conflict)}`;
  return `${where}: ${before} → ${after}${keeps}${changed}`;
}
