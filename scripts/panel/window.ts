import { themeNames, type ThemeName } from '../../test/e2e/panel/themes';
import type { FromPanel } from '../../shared/messages/panel';
import { sizes } from './madeUpHost';

/** What the page around the panel gives to the panel's page, in place of VS Code. */
export interface PanelWindow {
  readonly theme: ThemeName;
  /** What the panel keeps over a reload. */
  kept: unknown;
  readonly post: (message: FromPanel) => void;
}

declare global {
  interface Window {
    panelWindow: PanelWindow;
    /** Of the panel's page: shows another theme. */
    setTheme(name: ThemeName): void;
  }
}

/** Stands for the made-up host in the list of sources. */
export const MADE_UP = 'made-up host';
export const languages = ['en', 'zh-cn'] as const;
const languageTexts = { en: 'English', 'zh-cn': '简体中文' };

/** A labelled list; its options are texts by their values. */
function select(name: string, label: string, options: readonly (readonly [string, string])[]): string {
  const list = options.map(([value, text]) => `<option value="${escape(value)}">${escape(text)}</option>`);
  return `<label>${label} <select id="${name}">${list.join('')}</select></label>`;
}

/** Escapes a text for HTML: names of files go into the page. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `html, body { margin: 0; height: 100% }
body { display: flex; flex-direction: column; font: 13px sans-serif; color-scheme: light dark }
form { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 6px 8px; border-bottom: 1px solid }
#posted { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; flex: 1 1 0 }
#errors { margin: 0; padding: 6px 8px; color: #fff; background: #a1260d; white-space: pre-wrap }
#errors:empty { display: none }
iframe { flex: 1; border: 0; width: 100% }`;

/** The HTML of the page around the panel: a bar with what can be switched. `recordings` are names. */
export function windowPage(recordings: Iterable<string>, nonce: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; img-src data:`;
  const same = (texts: Iterable<string>) => Array.from(texts, (text) => [text, text] as const);
  const picks = [
    select('source', 'Source', same([MADE_UP, ...recordings])),
    select('cpus', 'CPUs', same(sizes.map(String))),
    select('theme', 'Theme', same(themeNames)),
    select('language', 'Language', Object.entries(languageTexts)),
  ];
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>The panel of RPS Trace</title><link rel="icon" href="data:,"><style nonce="${nonce}">${style}</style></head>
<body><form autocomplete="off">${picks.join('')}
<output id="posted" aria-label="Last message of the panel"></output></form><pre id="errors" role="alert"></pre>
<script nonce="${nonce}" src="/window.page.js"></script></body></html>`;
}
