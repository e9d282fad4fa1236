import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../problem';
import type { Ended, Recordings } from '../recording/recordings';
import type { Trace } from '../trace/trace';
import type { Traces } from '../trace/traces';
import { recordingView } from '../views';
import { fileName } from './fileName';
import { hostName } from './hostName';
import { problemText } from './problemText';
import { askWhatToOpen, askWhereToSave } from './window/files';
import type { ShownLog } from './window/log';
import { showError, showInformation } from './window/notices';
import { pickOne } from './window/picks';

/** Records the trace in front, to a file that a person chooses, or that a keybinding names. @throws Problem */
export async function startRecording(path: unknown, traces: Traces, recordings: Recordings): Promise<void> {
  const trace = traces.front;
  if (trace?.state.kind !== 'tracing') {
    await offerStart();
    return;
  }
  const running = recordings.of(trace);
  if (running) {
    void showInformation(
      vscode.l10n.t('{0} is being recorded already, to {1}.', hostName(trace.label), running.path),
    );
    return;
  }
  const file = typeof path === 'string' && path !== '' ? vscode.Uri.file(path) : await askWhere(trace);
  if (!file) return;
  if (file.scheme !== 'file') {
    const message = 'A recording can only be written to a disk of the machine that the extension runs on.';
    throw new Problem('RECORDING_FAILED', message, 'Choose a folder there.');
  }
  await recordings.start(trace, file.fsPath);
}

async function offerStart(): Promise<void> {
  const start = vscode.l10n.t('Start Tracing…');
  const text = vscode.l10n.t('Only a trace that runs can be recorded.');
  if ((await showInformation(text, start)) === start) {
    await vscode.commands.executeCommand('rpsTrace.start');
  }
}

function askWhere(trace: Trace): Thenable<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Record {0}', hostName(trace.label));
  const at = join(folder(), fileName(trace.label, new Date(), 'rpsrec'));
  return askWhereToSave({ title, at, filters }, vscode.l10n.t('Record'));
}

const filters = { 'RPS Trace': ['rpsrec'] };

/** Where files are offered to be put: the folder that is open, else the person's own. */
export function folder(): string {
  const open = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return open?.uri.fsPath ?? homedir();
}

/** Ends a recording; asks which one when there are several. */
export async function stopRecording(recordings: Recordings): Promise<void> {
  const { running } = recordings;
  const [only] = running;
  if (!only) {
    void showInformation(vscode.l10n.t('Nothing is being recorded.'));
    return;
  }
  const items = running.map(({ trace, path }) => ({
    label: hostName(trace.label),
    description: path,
    trace,
  }));
  const placeHolder = vscode.l10n.t('Stop recording which host?');
  const chosen = running.length === 1 ? only : await pickOne(items, { placeHolder });
  if (chosen) await recordings.stop(chosen.trace);
}

/** Opens a recording that a person chooses, or that a keybinding names. */
export async function openRecording(path: unknown): Promise<void> {
  const title = vscode.l10n.t('Open a recording');
  const chosen =
    typeof path === 'string' && path !== ''
      ? [vscode.Uri.file(path)]
      : await askWhatToOpen({ title, at: folder(), filters });
  for (const file of chosen) await show(file);
}

function show(file: vscode.Uri): Thenable<unknown> {
  return vscode.commands.executeCommand('vscode.openWith', file, recordingView);
}

/** Tells how a recording ended, and offers to open it. */
export function tellOfRecording({ trace, path, problem }: Ended, log: ShownLog): void {
  const open = vscode.l10n.t('Open');
  const offer = (chosen: string | undefined) => {
    if (chosen === open) void show(vscode.Uri.file(path));
  };
  if (problem) {
    log.error(`${trace.label}: ${problem.code}: ${problem.message} ${problem.hint}`);
    void showError(`RPS Trace: ${problemText(problem)}`, open).then(offer);
    return;
  }
  log.info(`${trace.label}: recorded to ${path}`);
  const text = vscode.l10n.t('RPS Trace: {0} was recorded to {1}.', hostName(trace.label), path);
  void showInformation(text, open).then(offer);
}
