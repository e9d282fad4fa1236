import * as vscode from 'vscode';
import { targetText } from '../hosts/target';
import type { PanelCommand } from '../../shared/messages/panel';
import type { ToTuning } from '../../shared/messages/tuning';
import type { Traces } from '../trace/traces';
import type { Tunings } from '../tuning/tunings';
import { editorView } from '../views';
import { bind, type Bound, type Place } from './bind';
import type { Exports } from './exports';
import { live } from './live';

/** The commands behind the panel's buttons. */
const commandIds: Readonly<Record<PanelCommand, string>> = {
  start: 'rpsTrace.start',
  stop: 'rpsTrace.stop',
  setFilter: 'rpsTrace.setFilter',
  clearFilter: 'rpsTrace.clearFilter',
  showLog: 'rpsTrace.showLog',
  openInEditor: 'rpsTrace.openInEditor',
  startRecording: 'rpsTrace.startRecording',
  stopRecording: 'rpsTrace.stopRecording',
  openRecording: 'rpsTrace.openRecording',
  export: 'rpsTrace.export',
};

/** Shows traces in the bottom panel and in editor tabs. */
export class Panel implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer {
  readonly #bound = new Set<Bound>();
  /** What the next panel that comes up is to show. */
  #next: Extract<ToTuning, { type: 'showTuning' }> | undefined;

  /** @param reported runs what a person asked for, and shows what goes wrong. */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly traces: Traces,
    private readonly tunings: Tunings,
    private readonly exports: Exports,
    private readonly reported: (work: () => Promise<void>) => Promise<void>,
  ) {}

  /** Shows the tab for tuning in a panel that can be seen, or else in the one that comes up next. */
  showTuning(section: 'masks' | 'history'): void {
    const message = { type: 'showTuning', section } as const;
    const seen = [...this.#bound].filter((bound) => bound.ready());
    const chosen = seen.find(({ place }) => place.active()) ?? seen[0];
    if (chosen) chosen.post(message);
    else this.#next = message;
  }

  /** Opens the panel as a new editor tab. */
  openInEditor(): void {
    const tab = vscode.window.createWebviewPanel(editorView, 'RPS Trace', vscode.ViewColumn.Active);
    this.#bindTab(tab);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview, onDidDispose } = view;
    this.#bind({ webview, onDidDispose, visible: () => view.visible, active: () => false });
  }

  /** After a restart of the window: the tab comes back and shows honestly that nothing is traced. */
  deserializeWebviewPanel(tab: vscode.WebviewPanel): Promise<void> {
    this.#bindTab(tab);
    return Promise.resolve();
  }

  /** `Start Again` is for the host that is shown; before anything was traced, start asks which. */
  #argument(command: PanelCommand): string[] {
    const { front } = this.traces;
    return command === 'start' && front !== undefined ? [targetText(front.target)] : [];
  }

  #bindTab(tab: vscode.WebviewPanel): void {
    tab.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.png');
    this.#bind(placeOf(tab));
  }

  #bind(place: Place): void {
    const shown = live(this.traces, this.tunings);
    const snapshot = () => [...shown.snapshot(), ...this.#takeNext()];
    const bound: Bound = bind(place, this.extension, { ...shown, snapshot }, (message) => {
      switch (message.type) {
        case 'show':
          void vscode.commands.executeCommand('rpsTrace.showHost', message.host);
          return;
        case 'command':
          void vscode.commands.executeCommand(
            commandIds[message.command],
            ...this.#argument(message.command),
          );
          return;
        case 'interval':
          bound.post({ type: 'interval', counts: this.traces.front?.between(message.from, message.to) });
          return;
        case 'exported':
        case 'notExported':
          this.exports.take(bound, message);
          return;
        case 'keepMasks':
          bound.post({ type: 'keepTexts', texts: this.tunings.keepTexts(message) });
          return;
        case 'copyText':
          void vscode.env.clipboard.writeText(message.text);
          return;
        case 'setCandidates':
        case 'previewApply':
        case 'previewRevert':
        case 'dismissApply':
        case 'applyMasks':
        case 'confirmApply':
        case 'revertApply':
          void this.reported(() => this.tunings.act(message));
          return;
        case 'seek':
        case 'play':
        case 'pause':
        case 'speed':
          // Of recordings only.
          return;
      }
    });
    this.exports.add(bound);
    this.#bound.add(bound);
    place.onDidDispose(() => this.#bound.delete(bound));
  }

  #takeNext(): readonly ToTuning[] {
    const next = this.#next;
    this.#next = undefined;
    return next ? [next] : [];
  }
}

/** The place of a tab. */
export function placeOf(tab: vscode.WebviewPanel): Place {
  return {
    webview: tab.webview,
    visible: () => tab.visible,
    active: () => tab.active,
    onDidDispose: tab.onDidDispose,
  };
}
