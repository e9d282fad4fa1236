import { readFile } from 'node:fs/promises';
import type Axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { run } from '../../../scripts/run';
import type { FromPanel, ToPanel } from '../../../shared/messages/panel';
import { toWire } from '../../../shared/messages/wire';
import { dress, shell } from './shell';
import { themes, type ThemeName } from './themes';

declare global {
  interface Window {
    /** What the page posted to the stubbed VS Code. */
    posted: FromPanel[];
    /** What the page asked VS Code to keep. */
    kept: unknown;
    /** Put there by the test that asks for it. */
    axe: typeof Axe;
  }
}

const root = new URL('../../../', import.meta.url);
/** Nobody answers there: every request is answered by the test. A secure context, as a webview is one. */
const origin = 'https://panel.test';

/** Builds the product's bundles, the webview's among them. */
export async function buildPanel(): Promise<void> {
  await run('node', ['scripts/bundle.mjs'], { cwd: root.pathname });
}

/** An open panel page, all by itself. */
export interface PanelPage {
  readonly page: Page;
  /** What went wrong in the page so far: exceptions, errors on the console, refusals by the content security policy. */
  readonly errors: string[];
  send(message: ToPanel): Promise<void>;
  posted(): Promise<FromPanel[]>;
  theme(name: ThemeName): Promise<void>;
}

/** Opens the built page as VS Code would: under the same policy, with its API, in a theme. The caller closes the page. */
export async function openPanel(
  browser: Browser,
  size: { width: number; height: number },
  options: { theme?: ThemeName; kept?: unknown; language?: string } = {},
): Promise<PanelPage> {
  const page = await browser.newPage({ viewport: size, locale: 'en-US' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  await page.addInitScript((kept: unknown) => {
    window.posted = [];
    window.kept = kept;
    const api = {
      postMessage: (message: FromPanel) => window.posted.push(message),
      getState: () => window.kept,
      setState: (state: unknown) => (window.kept = state),
    };
    Object.assign(window, { acquireVsCodeApi: () => api });
  }, options.kept);
  const theme = options.theme ?? 'dark';
  await page.route('**/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    const contentType = path.endsWith('.js')
      ? 'text/javascript'
      : path.endsWith('.css')
        ? 'text/css'
        : 'text/html';
    const body =
      path === '/'
        ? shell({ theme, language: options.language ?? 'en', nonce: 'test', origin, scripts: ['main.js'] })
        : await readFile(new URL(`dist/webview${path}`, root));
    await route.fulfill({ body, contentType: `${contentType}; charset=utf-8` });
  });
  await page.goto(`${origin}/`);
  const panel: PanelPage = {
    page,
    errors,
    send: (message) =>
      page.evaluate((data) => window.postMessage(data, '*'), toWire(message)).then(() => settled(page)),
    posted: () => page.evaluate(() => window.posted),
    theme: (name) => page.evaluate(dress, themes[name]).then(() => settled(page)),
  };
  await panel.theme(theme);
  return panel;
}

/** Opens the panel, does something, closes it, and insists that the page had nothing to complain of. */
export async function withPage(
  browser: Browser,
  act: (panel: PanelPage) => Promise<void>,
  size: { width: number; height: number },
  options: Parameters<typeof openPanel>[2] = {},
): Promise<void> {
  const panel = await openPanel(browser, size, options);
  try {
    await act(panel);
    expect(panel.errors).toEqual([]);
  } finally {
    await panel.page.close();
  }
}

/** What axe objects to in the page as it stands; `axe.source` must have been run there. */
export async function objections({ page }: PanelPage): Promise<[string, string[]][]> {
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}

/** Waits until what was sent is on the screen. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))),
  );
}
