import { chmod, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { quote } from '../shell';

/** What ssh wants to know. */
export interface Question {
  readonly text: string;
  /** `confirm`, `none` (nothing to answer, only to be shown) or empty: ssh(1), SSH_ASKPASS. */
  readonly hint: string;
  /** The process id of the ssh that asks. There is one for each ProxyJump host, too. */
  readonly pid: number;
}

/** Answers a question of ssh, or returns undefined. `signal` aborts when ssh does not wait for it any more. */
export type Answerer = (question: Question, signal: AbortSignal) => Promise<string | undefined>;

const question = z.object({ text: z.string(), hint: z.string(), pid: z.number() });
const PLACE = 'RPS_TRACE_ASKPASS';

/** The program that ssh runs to ask: it hands the question to the extension host, and prints the answer. */
const helper = `
const { argv, env, ppid, stdout } = process;
let answer = '';
const fail = () => process.exit(1);
require('net').connect(env.${PLACE}, function () {
  this.write(JSON.stringify({ text: argv[2] || '', hint: env.SSH_ASKPASS_PROMPT || '', pid: ppid }) + '\\n');
}).setEncoding('utf8').on('error', fail)
  .on('data', (text) => (answer += text))
  .on('end', () => (answer === '' ? fail() : stdout.write(JSON.parse(answer) + '\\n')));
`;

/**
 * Lets ssh ask the person at VS Code. ssh runs a tiny program, which speaks to this over a socket in a folder that is
 * closed to others; no secret is in an argument, a file or the environment. Not for Windows: there the program would
 * have to be a batch file, and cmd.exe parses the question, which may be a host's, as a command.
 */
export class Askpass {
  readonly #open = new Set<Socket>();

  /** @param folder closed to others, and removed by whoever made it. */
  static async listen(folder: string, answerer: Answerer): Promise<Askpass> {
    const place = join(folder, 'ask');
    const script = join(folder, 'ask.cjs');
    const program = join(folder, 'ask.sh');
    await writeFile(script, helper, { mode: 0o600 });
    await writeFile(program, unixProgram(script));
    await chmod(program, 0o700);
    const server = createServer();
    const askpass = new Askpass(server, place, program, answerer);
    server.listen(place);
    await once(server, 'listening');
    return askpass;
  }

  private constructor(
    private readonly server: Server,
    private readonly place: string,
    private readonly program: string,
    private readonly answerer: Answerer,
  ) {
    server.on('connection', (socket) => this.#connected(socket));
  }

  /** What ssh's environment needs so that it asks here. DISPLAY is for versions before 8.4, which want one. */
  get env(): NodeJS.ProcessEnv {
    const { place, program } = this;
    const display = process.env['DISPLAY'] ?? ':';
    return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: display, [PLACE]: place };
  }

  /** Nobody can ask any more; open questions are withdrawn. */
  close(): void {
    this.server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #connected(socket: Socket): void {
    this.#open.add(socket);
    const gone = new AbortController();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#open.delete(socket);
      gone.abort();
    });
    createInterface({ input: socket }).once('line', (line) => {
      void this.#answer(line, gone.signal).then((answer) => {
        socket.end(answer === undefined ? '' : JSON.stringify(answer));
      });
    });
  }

  async #answer(line: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.answerer(question.parse(JSON.parse(line)), signal);
    } catch {
      // The answerer tells whom it concerns; ssh only learns that there is no answer.
      return undefined;
    }
  }
}

/** VS Code's own program is Node when it is told so. `exec` keeps the process that ssh has started. */
const unixProgram = (script: string) => `#!/bin/sh
unset NODE_OPTIONS
ELECTRON_RUN_AS_NODE=1 exec ${quote(process.execPath)} ${quote(script)} "$@"
`;
