import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../../shared/messages/panel';
import { toWire } from '../../../shared/messages/wire';
import { themes } from '../../e2e/panel/themes';
import { pack } from './pack';

/** What the page says of itself besides what the panel says: a message of a type that draws is on the screen. */
export interface Seen {
  readonly type: 'seen';
  readonly of: 'snapshot' | 'sample';
  /** The headline's rate. */
  readonly shown: string;
}

const root = new URL('../../../', import.meta.url);
const size = { width: 1200, height: 900 };

/**
 * A window with the built panel in it, in a browser: like VS Code's, with the panel in a frame in a frame of another site, and
 * so in a process of its own, and with messages that come over a socket as JSON with their arrays beside it.
 */
export class PanelWindow {
  #stream: ServerResponse | undefined;
  #page: Page | undefined;
  #said: (message: FromPanel | Seen) => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly scripts: ReadonlyMap<string, string>,
  ) {}

  static async open(browser: Browser): Promise<PanelWindow> {
    const scripts = new Map<string, string>();
    for (const name of ['window', 'webview', 'panel']) {
      const entryPoints = [new URL(`${name}.page.ts`, import.meta.url).pathname];
      const built = await build({ entryPoints, bundle: true, write: false, format: 'esm' });
      scripts.set(name, built.outputFiles[0]?.text ?? '');
    }
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const opened = new PanelWindow(server, scripts);
    server.on('request', (request, response) => void opened.#answer(request, response));
    try {
      opened.#page = await browser.newPage({ viewport: size });
      const streams = opened.#streams();
      await opened.#page.goto(`http://127.0.0.1:${opened.#port}/`);
      await streams;
    } catch (error) {
      await opened.close();
      throw error;
    }
    return opened;
  }

  /** Calls `said` with whatever the panel says from now on. */
  listen(said: (message: FromPanel | Seen) => void): void {
    this.#said = said;
  }

  /** Opens the panel, anew where there was one. */
  show(): void {
    this.#send({ type: 'open', url: `http://localhost:${this.#port}/webview` });
  }

  post(message: ToPanel): void {
    this.#send(toWire(message));
  }

  /** A way to ask the panel's process. */
  async inspect(): Promise<CDPSession> {
    const frame = this.#page?.frames().find((one) => one.url().endsWith('/webview'));
    if (!frame || !this.#page) throw new Error('The panel is not open.');
    return this.#page.context().newCDPSession(frame);
  }

  async close(): Promise<void> {
    await this.#page?.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get #port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  #began: () => void = () => undefined;

  /** Resolves when the window listens. */
  #streams(): Promise<void> {
    return new Promise((resolve) => (this.#began = resolve));
  }

  #send(message: object): void {
    for (const part of pack(message)) this.#stream?.write(part);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const serve = (type: string, body: string | Buffer) => {
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      response.end(body);
    };
    switch (request.url) {
      case '/to':
        response.setHeader('Content-Type', 'application/octet-stream');
        response.flushHeaders();
        this.#stream = response;
        this.#began();
        return;
      case '/from':
        this.#said(JSON.parse(await text(request)) as FromPanel | Seen);
        response.end();
        return;
      case '/':
        serve('text/html', framePage(this.scripts.get('window') ?? ''));
        return;
      case '/webview':
        serve('text/html', framePage(this.scripts.get('webview') ?? ''));
        return;
      case '/panel':
        serve('text/html', panelPage(this.scripts.get('panel') ?? ''));
        return;
      case '/main.js':
        serve('text/javascript', await readFile(new URL('dist/webview/main.js', root)));
        return;
      case '/main.css':
        serve('text/css', await readFile(new URL('dist/webview/main.css', root)));
        return;
      default:
        response.writeHead(404).end();
    }
  }
}

/** A page that only holds another one. */
function framePage(script: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Frame</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block }</style></head>
<body><script type="module">${script}</script></body></html>`;
}

/** As src/panel/page.ts makes it, in VS Code's dark theme. */
function panelPage(script: string): string {
  const { kind, background, variables } = themes.dark;
  const colors = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  const policy = `default-src 'none'; script-src 'nonce-bench'; style-src 'self' 'nonce-bench'; font-src 'self'; img-src data:`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}"><title>RPS Trace</title>
<style nonce="bench">:root { ${colors.join(' ')} background: ${background} }</style>
<link rel="stylesheet" href="main.css"></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><div id="app"></div>
<script nonce="bench">{ ${script} }</script><script nonce="bench" src="main.js"></script></body></html>`;
}
