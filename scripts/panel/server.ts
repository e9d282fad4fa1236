import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { parseFromPanel } from '../../src/panel/fromPanel';
import { toWire } from '../../shared/messages/wire';
import { pack } from '../../test/bench/panel/pack';
import { shell } from '../../test/e2e/panel/shell';
import { themeNames } from '../../test/e2e/panel/themes';
import { WatchedBundle, type Built } from './bundle';
import type { Host, Post } from './host';
import { bodyOf, refuse, serve } from './http';
import { MadeUpHost, sizes } from './madeUpHost';
import { RecordedHost } from './recordedHost';
import { languages, MADE_UP, windowPage } from './window';

const panelQuery = z.object({ theme: z.enum(themeNames), language: z.enum(languages) });
const hostQuery = z.object({
  session: z.uuid(),
  source: z.string(),
  cpus: z.coerce.number().pipe(z.literal(sizes)),
});

/** Serves the panel on 127.0.0.1, each time it is opened with a host of its own. */
export class PanelServer {
  readonly #hosts = new Map<string, Host>();
  /** Pages that are told of builds. */
  readonly #pages = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly bundle: WatchedBundle,
    private readonly recordings: ReadonlyMap<string, string>,
  ) {}

  /**
   * @param port 0: any free one
   * @param recordings paths by name
   * @throws Error when the port is taken
   */
  static async start(port: number, recordings: ReadonlyMap<string, string>): Promise<PanelServer> {
    const bundle = await WatchedBundle.watch();
    const server = createServer();
    const started = new PanelServer(server, bundle, recordings);
    bundle.listen((built) => started.#tell(built));
    server.on('request', (request, response) => {
      started.#answer(request, response).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      await bundle.dispose();
      throw error;
    }
    return started;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await this.bundle.dispose();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Another site's page must neither post here nor read a recording by a name of its own that resolves to 127.0.0.1.
    const { host, origin = this.origin } = request.headers;
    if (`http://${host}` !== this.origin || origin !== this.origin) {
      refuse(response, 403);
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    const query = Object.fromEntries(searchParams);
    switch (pathname) {
      case '/':
        serve(response, 'text/html', windowPage(this.recordings.keys(), randomBytes(16).toString('base64')));
        return;
      case '/panel':
        this.#servePanel(query, response);
        return;
      case '/changes':
        this.#pages.add(response);
        response.on('close', () => this.#pages.delete(response));
        response.setHeader('Content-Type', 'text/event-stream');
        response.write(event(this.bundle.built));
        return;
      case '/to':
        this.#openHost(query, response);
        return;
      case '/from':
        await this.#take(query['session'] ?? '', request, response);
        return;
      default: {
        const file = this.bundle.file(pathname.slice(1));
        if (!file) {
          refuse(response, 404);
          return;
        }
        serve(response, pathname.endsWith('.css') ? 'text/css' : 'text/javascript', file);
      }
    }
  }

  #servePanel(query: unknown, response: ServerResponse): void {
    const { data } = panelQuery.safeParse(query);
    if (!data) return refuse(response, 400);
    const nonce = randomBytes(16).toString('base64');
    const scripts = ['api.page.js', 'main.js'];
    serve(response, 'text/html', shell({ ...data, nonce, origin: this.origin, scripts }));
  }

  /** Opens a host whose messages are the response, until the connection ends. */
  #openHost(query: unknown, response: ServerResponse): void {
    const { data } = hostQuery.safeParse(query);
    const path = this.recordings.get(data?.source ?? '');
    if (!data || (data.source !== MADE_UP && path === undefined)) return refuse(response, 400);
    const post: Post = (message) => {
      const wire = message.type === 'playback' ? message : toWire(message);
      for (const part of pack(wire)) response.write(part);
    };
    const host = path === undefined ? new MadeUpHost(data.cpus, post) : new RecordedHost(path, post);
    this.#hosts.set(data.session, host);
    response.on('close', () => {
      this.#hosts.delete(data.session);
      host.dispose();
    });
    response.setHeader('Content-Type', 'application/octet-stream');
    response.flushHeaders();
  }

  async #take(session: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = this.#hosts.get(session);
    const text = await bodyOf(request);
    if (!host || text === undefined) {
      refuse(response, 400);
      return;
    }
    const message = parseFromPanel(JSON.parse(text));
    if (message) host.take(message);
    response.writeHead(204).end();
  }

  #tell(built: Built): void {
    for (const page of this.#pages) page.write(event(built));
  }
}

const event = (built: Built) => `data: ${JSON.stringify(built)}\n\n`;
