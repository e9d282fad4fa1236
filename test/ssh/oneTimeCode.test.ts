import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { Server, type AuthContext } from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Scene } from './scene';
import { ensureOpenSsh } from './sshd';

let scene: Scene;
let server: Server | undefined;
beforeEach(async () => {
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
    { title: 'Password (alice@web)', detail: 'Two steps\nHave your token ready.', echo: false },
    { title: 'Code (alice@web)', detail: 'Two steps\nHave your token ready.', echo: true },
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
