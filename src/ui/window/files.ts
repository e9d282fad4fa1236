import * as vscode from 'vscode';
import { inert } from '../../inert';

interface FileTexts {
  readonly title: string;
  /** The file or folder to begin with. */
  readonly at: string;
  readonly filters: Readonly<Record<string, string[]>>;
}

/** Asks where to save; `title` and `button` come out inert. Undefined: the person gave up. */
export function askWhereToSave(
  { title, at, filters }: FileTexts,
  button?: string,
): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    title: inert(title),
    ...(button !== undefined && { saveLabel: inert(button) }),
    defaultUri: vscode.Uri.file(at),
    filters,
  });
}

/** Asks for a file to open. Empty: the person gave up. */
export async function askWhatToOpen({ title, at, filters }: FileTexts): Promise<readonly vscode.Uri[]> {
  const defaultUri = vscode.Uri.file(at);
  return (await vscode.window.showOpenDialog({ title: inert(title), filters, defaultUri })) ?? [];
}
