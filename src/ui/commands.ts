import * as vscode from 'vscode';
import { parseTarget, targetText, type Target } from '../hosts/target';
import { Cancelled, Problem } from '../problem';
import { Panel } from '../panel/panel';
import type { Trace } from '../trace/trace';
import type { OpenOptions } from '../hosts/open';
import type { Secrets } from '../hosts/secrets';
import type { Traces } from '../trace/traces';
import { cleanUpHost } from './cleanUpHost';
import { pickHost, rememberHost } from './hostPick';
import { showHost } from './showHost';
import type { SecretVault } from './vault';

export interface CommandContext {
  readonly traces: Traces;
  readonly panel: Panel;
  readonly log: vscode.LogOutputChannel;
  readonly memory: vscode.Memento;
  /** How hosts are reached. */
  readonly reach: () => Omit<OpenOptions, 'signal' | 'onStep'>;
  readonly secrets: Secrets;
  readonly vault: SecretVault;
}

/** Registers the commands of the palette. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { traces, panel, log } = context;
  const showPanel = () => vscode.commands.executeCommand(`${Panel.viewId}.focus`);
  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    'rpsTrace.start': (host) => reported(log, () => start(host, context, showPanel)),
    'rpsTrace.stop': () => reported(log, () => stop(traces)),
    'rpsTrace.showPanel': showPanel,
    'rpsTrace.showHost': (host) => showHost(host, traces, showPanel),
    'rpsTrace.openInEditor': () => panel.openInEditor(),
    'rpsTrace.showLog': () => log.show(),
    'rpsTrace.cleanUpHost': (host) => reported(log, () => cleanUpHost(host, context)),
    'rpsTrace.forgetSecrets': () => reported(log, () => forgetSecrets(context)),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** Starts a trace; `host` is the argument of a keybinding or task, as it would be typed. */
async function start(
  host: unknown,
  { traces, memory }: CommandContext,
  showPanel: () => Thenable<unknown>,
): Promise<void> {
  const target: Target | undefined =
    typeof host === 'string' && host !== '' ? parseTarget(host) : await pickHost(memory);
  if (!target) return;
  const trace = traces.show(target);
  await showPanel();
  if (trace.active) return;
  await rememberHost(memory, targetText(target));
  await withProgress(trace);
}

async function withProgress(trace: Trace): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t('[RPS Trace](command:rpsTrace.showLog "Show Log")');
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    const watch = trace.watch((state) => {
      if (state.kind === 'connecting') progress.report({ message: state.step });
    });
    try {
      await trace.start(cancelled.signal);
    } finally {
      watch.dispose();
    }
  });
}

/** Stops the trace that runs; asks which one when there are several. */
async function stop(traces: Traces): Promise<void> {
  const { active } = traces;
  const [only] = active;
  if (!only) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No trace is running.'));
    return;
  }
  const items = active.map((trace) => ({ label: trace.label, trace }));
  const placeHolder = vscode.l10n.t('Stop tracing which host?');
  const chosen =
    active.length === 1 ? only : (await vscode.window.showQuickPick(items, { placeHolder }))?.trace;
  if (!chosen) return;
  const title = vscode.l10n.t('RPS Trace: stopping on {0}', chosen.label);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => chosen.stop());
}

/** Forgets every password and passphrase, of this window and of the store. */
async function forgetSecrets({ secrets, vault }: CommandContext): Promise<void> {
  secrets.clear();
  await vault.clear();
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved passwords and passphrases are forgotten.'));
}

/** Shows what went wrong with what mends it. What was cancelled is not news. */
async function reported(log: vscode.LogOutputChannel, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Cancelled) return;
    const text = error instanceof Problem ? `${error.message} ${error.hint}` : String(error);
    log.error(error instanceof Error ? (error.stack ?? text) : text);
    const showLog = vscode.l10n.t('Show Log');
    // Not awaited: the command is over although the notification stays.
    void vscode.window.showErrorMessage(`RPS Trace: ${text}`, showLog).then((chosen) => {
      if (chosen === showLog) log.show();
    });
  }
}
