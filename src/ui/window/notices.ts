import * as vscode from 'vscode';
import { inert } from '../../inert';

type Show = typeof vscode.window.showInformationMessage;

/** Shows a notification, `text` and `actions` inert. Resolves to the action that was chosen, undefined when it was closed. */
export const showInformation = (text: string, ...actions: readonly string[]) =>
  show(vscode.window.showInformationMessage, text, {}, actions);

/** Shows a warning, likewise. */
export const showWarning = (text: string, ...actions: readonly string[]) =>
  show(vscode.window.showWarningMessage, text, {}, actions);

/** Shows an error, likewise. */
export const showError = (text: string, ...actions: readonly string[]) =>
  show(vscode.window.showErrorMessage, text, {}, actions);

/** Asks in a modal dialog; each of the lines of `detail` is one line there. Undefined: it was cancelled. */
export function askInDialog(
  text: string,
  detail: readonly string[],
  ...actions: readonly string[]
): Thenable<string | undefined> {
  const lines = detail.map((line) => inert(line)).join('\n');
  return show(vscode.window.showWarningMessage, text, { modal: true, detail: lines }, actions);
}

async function show(
  shown: Show,
  text: string,
  options: vscode.MessageOptions,
  actions: readonly string[],
): Promise<string | undefined> {
  const labels = actions.map((action) => inert(action));
  const chosen = await shown(inert(text), options, ...labels);
  return chosen === undefined ? undefined : actions[labels.indexOf(chosen)];
}
