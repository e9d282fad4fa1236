import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** What the rules about syntax say of a file's text: the others need the types of the whole program. */
async function objections(file: string, text: string): Promise<string[]> {
  const root = new URL('../../', import.meta.url).pathname;
  const config = (await new ESLint({ cwd: root }).calculateConfigForFile(file)) as Linter.Config;
  const rule = config.rules?.['no-restricted-syntax'];
  if (rule === undefined) throw new Error(`${file} has no such rules.`);
  const rules = { 'no-restricted-syntax': rule };
  const languageOptions = { parser: tseslint.parser as Linter.Parser };
  const messages = new Linter().verify(text, { files: ['**/*.ts'], languageOptions, rules }, 'file.ts');
  return messages.map(({ message }) => message);
}

const vscode = "import * as vscode from 'vscode';\n";

describe('lint', () => {
  it.each([
    `${vscode}void vscode.window.showErrorMessage(text);`,
    `${vscode}const pick = vscode.window.createQuickPick();`,
    `${vscode}const { showErrorMessage } = vscode.window;`,
    `${vscode}const { window } = vscode;`,
    `${vscode}const other = vscode;`,
    `${vscode}void vscode['window'].showErrorMessage(text);`,
    `${vscode}vscode.window.createWebviewPanel('type', text, 1);`,
    "import { window } from 'vscode';",
    "import * as other from 'vscode';",
    "import vscode from 'vscode';",
    "const vscode = await import('vscode');",
  ])('lets only src/ui/window show texts: %j', async (text) => {
    for (const file of ['src/extension.ts', 'src/panel/panel.ts', 'src/ui/commands.ts']) {
      expect(await objections(file, text)).toContain(
        'Only src/ui/window may use vscode.window and what it shows.',
      );
    }
    expect(await objections('src/ui/window/notices.ts', text)).toEqual([]);
  });

  it.each([
    'node.innerHTML = text;',
    'node.outerHTML = text;',
    "node.insertAdjacentHTML('beforeend', text);",
    'document.write(text);',
    "node.setAttribute('href', text);",
    "node.setAttribute('onclick', text);",
    'node.setAttribute(text, text);',
    'link.href = text;',
    'frame.srcdoc = text;',
    "new DOMParser().parseFromString(text, 'text/html');",
    'new Function(text)();',
    'new vscode.MarkdownString(text);',
    'new vscode.TreeItem(text);',
    'void vscode.env.openExternal(uri);',
  ])('lets no text become markup, a link or code: %s', async (text) => {
    for (const file of ['webview/app.ts', 'src/panel/page.ts', 'src/ui/window/notices.ts']) {
      expect(await objections(file, text)).toContain(
        'Text becomes no markup, link or code: use textContent.',
      );
    }
  });

  it('lets the rest be', async () => {
    const text = `${vscode}node.textContent = text; node.setAttribute('aria-label', text);
      context.subscriptions.push(vscode.window.registerWebviewViewProvider(id, panel));
      void vscode.commands.executeCommand(id); vscode.l10n.t('text');`;
    for (const file of ['src/extension.ts', 'webview/app.ts'])
      expect(await objections(file, text)).toEqual([]);
  });
});
