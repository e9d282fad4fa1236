import { themes, type TestTheme, type ThemeName } from './themes';

/** What differs between the pages around a panel. */
export interface Shell {
  readonly theme: ThemeName;
  readonly language: string;
  readonly nonce: string;
  /** Of the page's files, without a slash at the end. */
  readonly origin: string;
  /** Names of files, in the order in which they run. */
  readonly scripts: readonly string[];
}

/** The HTML around the webview, under the policy of src/panel/page.ts. */
export function shell({ theme, language, nonce, origin, scripts }: Shell): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin}; font-src ${origin}; img-src data:`;
  const tags = scripts.map((name) => `<script nonce="${nonce}" src="${origin}/${name}"></script>`);
  return `<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>RPS Trace</title><link rel="stylesheet" href="${origin}/main.css"></head>
<body class="${themes[theme].kind}"><div id="app"></div>${tags.join('')}</body></html>`;
}

/** Runs in the page, also without the rest of this module: does to it as VS Code does when a person picks a theme. */
export function dress(theme: TestTheme): void {
  const { style } = document.documentElement;
  style.cssText = '';
  for (const [name, value] of Object.entries(theme.variables)) style.setProperty(`--vscode-${name}`, value);
  style.setProperty('--vscode-font-family', '"DejaVu Sans", sans-serif');
  style.setProperty('--vscode-font-size', '13px');
  style.backgroundColor = theme.background;
  // VS Code gives the light high-contrast theme both classes.
  document.body.className = theme.kind.replace(/^(vscode-high-contrast)-light$/, '$& $1');
  document.body.dataset['vscodeThemeKind'] = theme.kind;
}
