import * as vscode from 'vscode';
import { targetText } from '../hosts/target';
import type { Recordings } from '../recording/recordings';
import type { OpenOptions } from '../hosts/open';
import type { Secrets } from '../hosts/secrets';
import type { Traces } from '../trace/traces';
import type { Tunings } from '../tuning/tunings';
import { panelView } from '../views';
import { cleanUpHost } from './cleanUpHost';
import { exportView, type ViewExports } from './exportView';
import { hostName } from './hostName';
import { pickHost, rememberHost } from './hostPick';
import { withProgress } from './progress';
import { openRecording, startRecording, stopRecording } from './recordingCommands';
import { reported } from './reported';
import { setFilter, setInterfaces, setNamespace } from './scopeCommands';
import type { Scopes } from './scopes';
import { showHost } from './showHost';
import { readStartArgument } from './startArgument';
import { keepMasks, revertMasks } from './tuningCommands';
import type { SecretVault } from './vault';
import type { ShownLog } from './window/log';
import { showInformation } from './window/notices';
import { pickOne } from './window/picks';
import { inStatusBar } from './window/progress';

/** What commands do with the panel; src/panel implements it. */
interface PanelPlaces {
  /** Shows the tab for tuning in a panel that can be seen, or else in the one that comes up next. */
  showTuning(section: 'masks' | 'history'): void;
  /** Opens the panel as a new editor tab. */
  openInEditor(): void;
}

export interface CommandContext {
  readonly traces: Traces;
  readonly tunings: Tunings;
  readonly panel: PanelPlaces;
  readonly recordings: Recordings;
  readonly exports: ViewExports;
  readonly log: ShownLog;
  readonly memory: vscode.Memento;
  readonly scopes: Scopes;
  /** How hosts are reached. */
  readonly reach: () => Omit<OpenOptions, 'signal' | 'onStep'>;
  readonly secrets: Secrets;
  readonly vault: SecretVault;
}

/** Registers the commands of the palette. Each error is caught: VS Code would show it with the links in its message. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { traces, tunings, panel, log, recordings } = context;
  const showPanel = () => vscode.commands.executeCommand(`${panelView}.focus`);
  const showTuning = async (section: 'masks' | 'history') => {
    panel.showTuning(section);
    await showPanel();
  };
  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    'rpsTrace.start': (argument) => start(argument, context, showPanel),
    'rpsTrace.stop': () => stop(traces),
    'rpsTrace.setFilter': (filter) => setFilter(filter, context),
    'rpsTrace.clearFilter': () => setFilter('', context),
    'rpsTrace.setInterfaces': () => setInterfaces(context),
    'rpsTrace.setNamespace': () => setNamespace(context),
    'rpsTrace.showPanel': showPanel,
    'rpsTrace.showHost': (host) => showHost(host, traces, showPanel),
    'rpsTrace.openInEditor': () => panel.openInEditor(),
    'rpsTrace.showLog': () => log.show(),
    'rpsTrace.startRecording': (path) => startRecording(path, traces, recordings),
    'rpsTrace.stopRecording': () => stopRecording(recordings),
    'rpsTrace.openRecording': (path) => openRecording(path),
    'rpsTrace.export': (format) => exportView(format, traces, context.exports, showPanel),
    'rpsTrace.tuneMasks': () => showTuning('masks'),
    'rpsTrace.showMaskHistory': () => showTuning('history'),
    'rpsTrace.keepMasks': () => keepMasks(tunings),
    'rpsTrace.revertMasks': () => revertMasks(tunings),
    'rpsTrace.cleanUpHost': (host) => cleanUpHost(host, context),
    'rpsTrace.forgetSecrets': () => forgetSecrets(context),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, (argument: unknown) =>
        reported(log, async () => {
          await run(argument);
        }),
      ),
    ),
  );
}

/** Starts a trace; `argument` comes from a keybinding or task. A running one whose scope it changes starts again. */
async function start(
  argument: unknown,
  { traces, memory, scopes, log }: CommandContext,
  showPanel: () => Thenable<unknown>,
): Promise<void> {
  const request = readStartArgument(argument);
  const target = request.target ?? (await pickHost(memory, log));
  if (!target) return;
  if (Object.keys(request.scope).length > 0) await scopes.change(target, request.scope);
  const trace = traces.show(target);
  await showPanel();
  if (trace.active) {
    await withProgress(trace, (signal) => trace.rescope(signal));
    return;
  }
  await rememberHost(memory, targetText(target));
  await withProgress(trace, (signal) => trace.start(signal));
}

/** Stops the trace that runs; asks which one when there are several. */
async function stop(traces: Traces): Promise<void> {
  const { active } = traces;
  const [only] = active;
  if (!only) {
    void showInformation(vscode.l10n.t('No trace is running.'));
    return;
  }
  const items = active.map((trace) => ({ label: hostName(trace.label), trace }));
  const placeHolder = vscode.l10n.t('Stop tracing which host?');
  const chosen = active.length === 1 ? only : (await pickOne(items, { placeHolder }))?.trace;
  if (!chosen) return;
  const title = vscode.l10n.t('RPS Trace: stopping on {0}', hostName(chosen.label));
  await inStatusBar(title, () => chosen.stop());
}

/** Forgets every password and passphrase, of this window and of the store. */
async function forgetSecrets({ secrets, vault }: CommandContext): Promise<void> {
  secrets.clear();
  await vault.clear();
  void showInformation(vscode.l10n.t('Saved passwords and passphrases are forgotten.'));
}
