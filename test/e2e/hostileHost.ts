import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, utils, type Session } from 'ssh2';
import { FREE_SUDO, writePrograms } from '../ssh/standIn';

/** What a host asks before it lets anybody in: RFC 4256, section 3.2. */
export interface Questions {
  readonly name: string;
  readonly instructions: string;
  readonly prompt: string;
}

/** An SSH server whose every text is its own: a banner, questions, and a program in the loader's place. */
export class HostileHost {
  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async create(banner: string, questions: Questions): Promise<HostileHost> {
    const folder = await mkdtemp(join(tmpdir(), 'rps-hostile-'));
    const [home, bin] = [join(folder, 'home'), join(folder, 'bin')];
    await mkdir(home);
    const loader = `cat ${folder}/frames; while [ -e ${folder}/stays ]; do sleep 0.1; done; cat ${folder}/last`;
    const sudo = FREE_SUDO.replace('exec "$@"', loader);
    await writePrograms(bin, { sudo, id: 'echo 1000' });
    const env = { HOME: home, PATH: `${bin}:/usr/local/bin:/usr/bin:/bin` };
    const hostKeys = [utils.generateKeyPairSync('ed25519').private];
    const server = new Server({ hostKeys, banner }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        const { name, instructions, prompt } = questions;
        context.prompt([{ prompt, echo: true }], name, instructions, () => context.accept());
      });
      client.on('session', (accept) => runCommands(accept(), env));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileHost(server, folder);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What the next loader prints at once, and once `ends` is called; without a last frame it ends at once. */
  async says(frames: readonly object[], last: readonly object[] = []): Promise<void> {
    const write = (name: string, lines: readonly object[]) =>
      writeFile(join(this.folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await write('frames', frames);
    await write('last', last);
    if (last.length > 0) await write('stays', []);
  }

  /** Has the loader print its last frame and end. */
  async ends(): Promise<void> {
    await rm(join(this.folder, 'stays'));
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    this.server.close();
  }
}

/** Runs what the client asks for in a shell, to its end or to that of the channel. */
function runCommands(session: Session, env: NodeJS.ProcessEnv): void {
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    const child = spawn('/bin/sh', ['-c', command], { env, stdio: 'pipe' });
    channel.pipe(child.stdin).on('error', () => undefined);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
    channel.on('close', () => child.kill());
  });
}
