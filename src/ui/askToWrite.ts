import * as vscode from 'vscode';
import { shortened } from '../inert';
import type { PlannedWrite } from '../../shared/messages/tuning';
import { hostName } from './hostName';
import type { ShownLog } from './window/log';
import { askInDialog } from './window/notices';

/** Lines that a dialog shows, and characters of a path or mask there; the log has all of them. */
const LINES = 16;
const MAX_PART = 120;

/** Shows the exact writes on a host in a dialog, and asks whether they may be done. */
export async function askToWrite(
  host: string,
  writes: readonly PlannedWrite[],
  seconds: number,
  log: ShownLog,
): Promise<boolean> {
  const lines = writes.map((write) => lineOf(write, (part) => part));
  log.info(`${host}: asking to write\n${lines.join('\n')}`);
  const more = lines.length - LINES;
  const detail = [
    ...writes.slice(0, LINES).map((write) => lineOf(write, (part) => shortened(part, MAX_PART))),
    ...(more > 0 ? [vscode.l10n.t('… and {0} more, all of which are in the log.', more)] : []),
    '',
    vscode.l10n.t('A guard on the host takes them back after {0} s unless you keep them.', seconds),
  ];
  const write = vscode.l10n.t('Write Masks');
  const message = vscode.l10n.t('Write rps_cpus of {0} queues on {1}?', writes.length, hostName(host));
  return (await askInDialog(message, detail, write)) === write;
}

/** The file, its namespace before it, what is there, and what is written. */
function lineOf(
  { netnsName, path, before, after, kept, conflict }: PlannedWrite,
  part: (text: string) => string,
): string {
  const where = netnsName === undefined ? part(path) : `[${part(netnsName)}] ${part(path)}`;
  const keeps = kept === after ? '' : ` ${vscode.l10n.t('(the kernel keeps {0})', part(kept))}`;
  const changed =
    conflict === undefined ? '' : ` ${vscode.l10n.t('(changed by somebody since: was {0})', part(conflict))}`;
  return `${where}: ${part(before)} → ${part(after)}${keeps}${changed}`;
}
