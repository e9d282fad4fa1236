import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { Server, type AuthContext, type Prompt } from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Scene } from './scene';
import { ensureOpenSsh } from './sshd';

let scene: Scene;
let server: Server | undefined;
/** What a server was sent. */
let received: string[];
beforeEach(async () => {
  received = [];
  await ensureOpenSsh();
  scene = await Scene.create();
});
afterEach(async () => {
  await scene.end();
  server?.close();
});

/** A server that asks what no server installed here asks. */
async function serve(onAuthentication: (context: AuthContext) => void): Promise<void> {
  await scene.makeKey('host');
  server = new Server({ hostKeys: [await readFile(scene.path('host'))] }, (client) => {
    client.on('authentication', onAuthentication).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await scene.configure(`Host web\n  HostName 127.0.0.1\n  Port ${port}\n  User alice`);
}

it('several questions of a host are asked one by one, and their answers are not remembered', async () => {
  const questions = [
    { prompt: 'Password: ', echo: false },
    { prompt: 'Code: ', echo: true },
  ];
  await serve((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
    context.prompt(questions, 'Two steps', 'Have your token ready.', (answers) => {
      if (answers.join() === 'secret,123456') context.accept();
      else context.reject(['keyboard-interactive']);
    });
  });
  scene.person.answers = ['secret', '000000', 'secret', '123456', 'secret', '123456'];
  await scene.open('web');
  expect(scene.person.asked.slice(0, 2)).toEqual([
    { title: 'Password (alice@web)', detail: '', hostSays: 'Two steps\nHave your token ready.', echo: false },
    { title: 'Code (alice@web)', detail: '', hostSays: 'Two steps\nHave your token ready.', echo: true },
  ]);
  expect(scene.person.asked[2]?.detail).toContain('not accepted');
  await scene.open('web');
  expect(scene.person.asked).toHaveLength(6);
});

it('a password, then a code: both steps are asked for, and the password is remembered', async () => {
  await serve((context) => {
    if (context.method === 'password') {
      context.reject(context.password === 'secret' ? ['keyboard-interactive'] : ['password'], true);
    } else if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Code: ', echo: false }], ([code]) => {
        if (code === '123456') context.accept();
        else context.reject(['keyboard-interactive']);
      });
    } else {
      context.reject(['password']);
    }
  });
  scene.person.answers = ['secret', '123456', '123456'];
  await scene.open('web');
  await scene.open('web');
  expect(scene.person.asked.map(({ title }) => title)).toEqual([
    'Password for alice@web',
    'Code (alice@web)',
    'Code (alice@web)',
  ]);
});

/** What a host asks by keyboard-interactive: the requests, and the answers that let in. */
async function serveRequests(
  requests: readonly { readonly prompts: Prompt[]; readonly name?: string; readonly right: () => string }[],
): Promise<void> {
  await serve((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
    const ask = (at: number, given: string[]): void => {
      const request = requests[at];
      if (!request) {
        const isRight = requests.every(({ right }, each) => right() === given[each]);
        return isRight ? context.accept() : context.reject(['keyboard-interactive']);
      }
      context.prompt(request.prompts, request.name ?? '', (answers) => {
        received.push(answers.join());
        ask(at + 1, [...given, answers.join()]);
      });
    };
    ask(0, []);
  });
}

const hidden = (prompt: string) => [{ prompt, echo: false }];
const titles = () => scene.person.asked.splice(0).map(({ title }) => title);

it.each([
  ["One-time password (OATH) for `alice': ", ''],
  ['Password + code: ', ''],
  ['Enter your password or code: ', ''],
  ['New password: ', ''],
  ['Password: ', 'Security token'],
])('a host that asks %j, as %j, gets what the person types for it, each time', async (prompt, name) => {
  await serveRequests([{ prompts: hidden(prompt), name, right: () => '123456' }]);
  for (let login = 0; login < 2; login++) {
    scene.person.answers = ['123456'];
    await scene.open('web');
    expect(titles()).toEqual([`${prompt.trim().replace(/:$/, '')} (alice@web)`]);
  }
});

it('what is shown while it is typed is not remembered', async () => {
  await serveRequests([{ prompts: [{ prompt: 'Password: ', echo: true }], right: () => 'x' }]);
  scene.person.answers = ['x', 'x'];
  for (let login = 0; login < 2; login++) await scene.open('web');
  expect(scene.person.asked.map(({ echo }) => echo)).toEqual([true, true]);
});

it('a code that a host calls "Password:" is sent once too often, and then asked for each time', async () => {
  let code = 111111;
  await serveRequests([{ prompts: hidden('Password: '), right: () => String(code) }]);
  const asked: number[] = [];
  for (const typed of [['111111'], ['222222'], ['333333'], ['444444']]) {
    code = Number(typed[0]);
    scene.person.answers = typed;
    await scene.open('web');
    asked.push(titles().length);
  }
  expect(asked).toEqual([1, 1, 1, 1]);
  expect(received).toEqual(['111111', '111111', '222222', '333333', '444444']);
});

it('a host that asks twice for "Password:" may mean a code: neither is remembered', async () => {
  const right = () => 'secret';
  await serveRequests([
    { prompts: hidden('Password: '), right },
    { prompts: hidden('Password: '), right },
  ]);
  for (let login = 0; login < 2; login++) {
    scene.person.answers = ['secret', 'secret'];
    await scene.open('web');
    expect(titles()).toHaveLength(2);
  }
});

it('a request without a question needs no answer', async () => {
  await serveRequests([
    { prompts: [], name: 'Your account expires soon.', right: () => '' },
    { prompts: hidden('Password: '), right: () => 'secret' },
  ]);
  scene.person.answers = ['secret'];
  await scene.open('web');
  await scene.open('web');
  expect(titles()).toEqual(['Password for alice@web']);
});

it('after a password, a question for "Password:" is for something else', async () => {
  await serve((context) => {
    if (context.method === 'password') return context.reject(['keyboard-interactive'], true);
    if (context.method !== 'keyboard-interactive') return context.reject(['password']);
    context.prompt(hidden('Password: '), ([code]) => {
      if (code === '123456') context.accept();
      else context.reject(['keyboard-interactive']);
    });
  });
  for (const answers of [['secret', '123456'], ['123456']]) {
    scene.person.answers = [...answers];
    await scene.open('web');
    expect(titles()).toHaveLength(answers.length);
  }
});

it('a host that imitates a sentence of the extension is not taken for it', async () => {
  const imitated = 'The loader needs root to attach to the kernel.';
  await serve((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
    context.prompt([{ prompt: 'sudo password on web', echo: false }], '', imitated, () => context.accept());
  });
  scene.person.answers = ['typed'];
  await scene.open('web');
  expect(scene.person.asked).toEqual([
    { title: 'sudo password on web (alice@web)', detail: '', hostSays: imitated, echo: false },
  ]);
});
