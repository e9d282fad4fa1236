import { join } from 'node:path';
import * as vscode from 'vscode';
import { exportFormats, type ExportFormat } from '../../shared/messages/export';
import type { Traces } from '../trace/traces';
import { fileName } from './fileName';
import { folder } from './recordingCommands';
import { askWhereToSave } from './window/files';
import { showInformation } from './window/notices';
import { pickOne } from './window/picks';

/** Asks the panel for the content of a file; src/panel implements it. */
export interface ViewExports {
  /** The content in base64 for `png`. @param show brings a panel up when none can be seen. @throws Problem EXPORT_FAILED */
  make(format: ExportFormat, show: () => Thenable<unknown>): Promise<string>;
}

/** Writes what is seen to a file; `format` comes from a keybinding, else a person is asked. @throws Problem */
export async function exportView(
  format: unknown,
  traces: Traces,
  exports: ViewExports,
  showPanel: () => Thenable<unknown>,
): Promise<void> {
  const chosen = exportFormats.find((one) => one === format) ?? (await pickFormat());
  if (!chosen) return;
  const content = await exports.make(chosen, showPanel);
  const label = traces.front?.label ?? 'rps-trace';
  const file = await askWhereToSave({
    title: vscode.l10n.t('Export the current view'),
    at: join(folder(), fileName(label, new Date(), chosen)),
    filters: { [chosen.toUpperCase()]: [chosen] },
  });
  if (!file) return;
  await vscode.workspace.fs.writeFile(file, Buffer.from(content, chosen === 'png' ? 'base64' : 'utf8'));
  const open = vscode.l10n.t('Open');
  const text = vscode.l10n.t('RPS Trace: exported to {0}.', file.fsPath);
  // Not awaited: the command is over although the notification stays.
  void showInformation(text, open).then((answer) => {
    if (answer === open) void vscode.commands.executeCommand('vscode.open', file);
  });
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const kinds: { label: string; description: string; format: ExportFormat }[] = [
    { label: 'CSV', description: vscode.l10n.t('the table, for a spreadsheet'), format: 'csv' },
    {
      label: 'JSON',
      description: vscode.l10n.t('the table with all that is known of the host'),
      format: 'json',
    },
    { label: 'PNG', description: vscode.l10n.t('the picture, for a ticket'), format: 'png' },
    { label: 'SVG', description: vscode.l10n.t('the picture, sharp at every size'), format: 'svg' },
  ];
  const placeHolder = vscode.l10n.t('Export the current view as what?');
  return (await pickOne(kinds, { placeHolder }))?.format;
}
