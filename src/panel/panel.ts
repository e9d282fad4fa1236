import * as vscode from 'vscode';
import { targetText } from '../hosts/target';
import type { PanelCommand } from '../protocol/panel';
import type { Traces } from '../trace/traces';
import { bind, type Bound, type Place } from './bind';
import type { Exports } from './exports';

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
  static readonly viewId = 'rpsTrace.panel';
  static readonly editorType = 'rpsTrace.editor';

  constructor(
    private readonly extension: vscode.Uri,
    private readonly traces: Traces,
    private readonly exports: Exports,
  ) {}

  /** Opens the panel as a new editor tab. */
  openInEditor(): void {
    const tab = vscode.window.createWebviewPanel(Panel.editorType, 'RPS Trace', vscode.ViewColumn.Active);
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
    const bound: Bound = bind(place, this.extension, this.traces, (message) => {
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
        default:
          this.exports.take(bound, message);
      }
    });
    this.exports.add(bound);
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
