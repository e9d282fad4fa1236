import * as vscode from 'vscode';
import { inert, shortened } from '../../inert';

/** Longest title, characters. Who asks stands at its end. */
const MAX_TITLE = 120;

export interface InputTexts {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  /** Whether what is typed is hidden. */
  readonly isSecret?: boolean;
  /** Whether the box stays when another window is clicked. */
  readonly stays?: boolean;
}

/** Asks for a line of text; `title` and `prompt` come out inert. Undefined: the person gave up, or `signal` was aborted. */
export async function askText(
  { title, prompt, value, isSecret = false, stays = false }: InputTexts,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const aborted = new vscode.CancellationTokenSource();
  const abort = () => aborted.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  const options: vscode.InputBoxOptions = {
    title: shortened(title, MAX_TITLE),
    prompt: inert(prompt),
    ...(value !== undefined && { value }),
    password: isSecret,
    ignoreFocusOut: stays,
  };
  try {
    return await vscode.window.showInputBox(options, aborted.token);
  } finally {
    signal?.removeEventListener('abort', abort);
    aborted.dispose();
  }
}

/** A box whose text is checked while it is typed. */
export class Input {
  readonly #box = vscode.window.createInputBox();

  constructor(texts: { readonly title: string; readonly prompt: string; readonly placeHolder: string }) {
    this.#box.title = shortened(texts.title, MAX_TITLE);
    this.#box.prompt = inert(texts.prompt);
    this.#box.placeholder = inert(texts.placeHolder);
    this.#box.ignoreFocusOut = true;
  }

  get value(): string {
    return this.#box.value;
  }

  set value(value: string) {
    this.#box.value = value;
  }

  set busy(busy: boolean) {
    this.#box.busy = busy;
  }

  /** Why the text cannot be entered; undefined: it can. */
  set refusal(reason: string | undefined) {
    const severity = vscode.InputBoxValidationSeverity.Error;
    this.#box.validationMessage = reason === undefined ? undefined : { message: inert(reason), severity };
  }

  /** Puts a button on the box, with the name of one of VS Code's icons. */
  addButton(icon: string, tooltip: string, onPressed: () => Promise<void>): void {
    this.#box.buttons = [{ iconPath: new vscode.ThemeIcon(icon), tooltip: inert(tooltip) }];
    this.#box.onDidTriggerButton(onPressed);
  }

  onTyped(listener: () => void): void {
    this.#box.onDidChangeValue(listener);
  }

  onHidden(listener: () => void): void {
    this.#box.onDidHide(listener);
  }

  onEntered(listener: () => Promise<void>): void {
    this.#box.onDidAccept(listener);
  }

  show(): void {
    this.#box.show();
  }

  dispose(): void {
    this.#box.dispose();
  }
}
