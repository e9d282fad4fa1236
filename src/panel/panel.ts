import * as vscode from 'vscode';
import { targetText } from '../hosts/target';
import { parseFromPanel } from '../protocol/fromPanel';
import type { PanelCommand, ToPanel } from '../protocol/panel';
import type { Traces } from '../trace/traces';
import { page, webviewFolder } from './page';

/** The commands behind the panel's buttons. */
const commandIds: Readonly<Record<PanelCommand, string>> = {
  start: 'rpsTrace.start',
  stop: 'rpsTrace.stop',
  setFilter: 'rpsTrace.setFilter',
  clearFilter: 'rpsTrace.clearFilter',
  showLog: 'rpsTrace.showLog',
  openInEditor: 'rpsTrace.openInEditor',
};

/**
 * Shows traces in the bottom panel and in editor tabs. A webview gets a snapshot when it says `ready` and what changes
 * after that while it can be seen; it keeps nothing that this side does not have.
 */
export class Panel implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer {
  static readonly viewId = 'rpsTrace.panel';
  static readonly editorType = 'rpsTrace.editor';

  constructor(
    private readonly extension: vscode.Uri,
    private readonly traces: Traces,
  ) {}

  /** Opens the panel as a new editor tab. */
  openInEditor(): void {
    const tab = vscode.window.createWebviewPanel(Panel.editorType, 'RPS Trace', vscode.ViewColumn.Active);
    this.#bindTab(tab);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#bind(view.webview, () => view.visible, view.onDidDispose);
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
    this.#bind(tab.webview, () => tab.visible, tab.onDidDispose);
  }

  #bind(webview: vscode.Webview, visible: () => boolean, onDidDispose: vscode.Event<void>): void {
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(this.extension)] };
    let ready = false;
    const post = (message: ToPanel) => void webview.postMessage(message);
    // A hidden webview is destroyed and says `ready` again when it comes back.
    const updates = this.traces.listen((message) => {
      if (ready && visible()) post(message);
    });
    const messages = webview.onDidReceiveMessage((raw: unknown) => {
      const message = parseFromPanel(raw);
      if (message?.type === 'ready') {
        ready = true;
        this.traces.snapshot().forEach(post);
      } else if (message?.type === 'show') {
        void vscode.commands.executeCommand('rpsTrace.showHost', message.host);
      } else if (message) {
        void vscode.commands.executeCommand(commandIds[message.command], ...this.#argument(message.command));
      }
    });
    onDidDispose(() => {
      updates.dispose();
      messages.dispose();
    });
    webview.html = page(webview, this.extension);
  }
}
