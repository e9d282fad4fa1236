import { join } from 'node:path';
import * as vscode from 'vscode';
import { sshClientChoices } from './hosts/openssh/choose';
import { Secrets } from './hosts/secrets';
import { ownLoader, readBinaries } from './loader/binaries';
import { Exports } from './panel/exports';
import { Panel } from './panel/panel';
import { RecordingEditor } from './panel/recordingEditor';
import { Recordings } from './recording/recordings';
import { Traces } from './trace/traces';
import { MaskHistory } from './tuning/maskHistory';
import { Tunings } from './tuning/tunings';
import { askToWrite } from './ui/askToWrite';
import { registerCommands } from './ui/commands';
import { guardNotice } from './ui/guardNotice';
import { vscodePrompts } from './ui/prompts';
import { tellOfRecording } from './ui/recordingCommands';
import { reported } from './ui/reported';
import { Scopes } from './ui/scopes';
import { statusBar } from './ui/statusBar';
import { tellOfTheUnseen } from './ui/unseen';
import { SecretVault } from './ui/vault';
import { openLog } from './ui/window/log';
import { editorView, panelView, recordingView } from './views';

let traces: Traces | undefined;
let recordings: Recordings | undefined;

/** Wires the parts together; nothing here touches a network, a file or a password before a command asks for it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = openLog();
  const settings = () => vscode.workspace.getConfiguration('rpsTrace');
  const vault = new SecretVault(context.secrets, () => settings().get('rememberSecrets', false));
  const secrets = new Secrets(vault);
  const client = () => {
    const set = settings().get<string>('ssh.client');
    return sshClientChoices.find((choice) => choice === set) ?? 'auto';
  };
  const scopes = new Scopes(context.workspaceState, context.globalState, settings);
  const loaders = join(context.extensionPath, 'dist', 'loader');
  traces = new Traces({
    prompts: vscodePrompts,
    secrets,
    log,
    client,
    binaries: () => readBinaries(loaders),
    ownLoader: ownLoader(loaders),
    intervalMs: () => settings().get<number>('interval', 1000),
    scope: (target) => scopes.of(target),
    btf: () => settings().get('btf', ''),
  });
  const { version } = context.extension.packageJSON as { version: string };
  recordings = new Recordings(version, (ended) => tellOfRecording(ended, log));
  const exports = new Exports();
  const tunings = new Tunings(traces, {
    history: new MaskHistory(context.globalState),
    ask: (host, writes, seconds) => askToWrite(host, writes, seconds, log),
  });
  const panel = new Panel(context.extensionUri, traces, tunings, exports, (work) => reported(log, work));
  const recordingEditor = new RecordingEditor(context.extensionUri, exports);
  context.subscriptions.push(
    log,
    statusBar(traces, recordings),
    tellOfTheUnseen(traces),
    guardNotice(tunings),
    vscode.window.registerWebviewViewProvider(panelView, panel),
    vscode.window.registerWebviewPanelSerializer(editorView, panel),
    vscode.window.registerCustomEditorProvider(recordingView, recordingEditor, {
      supportsMultipleEditorsPerDocument: true,
    }),
    registerCommands({
      traces,
      tunings,
      panel,
      recordings,
      exports,
      log,
      memory: context.globalState,
      scopes,
      secrets,
      vault,
      reach: () => ({ prompts: vscodePrompts, secrets, log, client: client() }),
    }),
  );
}

/** Makes recordings whole, then stops every trace; VS Code waits a few seconds for this. Whatever it does not wait for ends when its stdin closes. */
export async function deactivate(): Promise<void> {
  await recordings?.stopAll();
  await traces?.stopAll();
}
