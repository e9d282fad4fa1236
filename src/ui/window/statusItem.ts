import * as vscode from 'vscode';
import { inert } from '../../inert';

export interface StatusTexts {
  /** Names of VS Code's icons, before the text. */
  readonly icons: readonly string[];
  readonly text: string;
  /** Lines. */
  readonly tooltip: readonly string[];
  readonly background?: 'error' | 'warning' | undefined;
}

/** An item of the status bar. Its text and tooltip come out inert, so only `icons` makes icons. */
export class StatusItem {
  readonly #item: vscode.StatusBarItem;

  constructor(id: string, name: string, command: string) {
    this.#item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left);
    this.#item.name = inert(name);
    this.#item.command = command;
  }

  show({ icons, text, tooltip, background }: StatusTexts): void {
    this.#item.text = [...icons.map((icon) => `$(${icon})`), inert(text)].join(' ');
    this.#item.tooltip = tooltip.map((line) => inert(line)).join('\n');
    this.#item.backgroundColor = background && new vscode.ThemeColor(`statusBarItem.${background}Background`);
    this.#item.show();
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
