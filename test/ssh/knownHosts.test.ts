import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { knownHostName, linesFor, readKnownHosts } from '../../src/hosts/login/knownHosts';
import { Scene } from './scene';
import { ensureOpenSsh } from './sshd';

let scene: Scene;
beforeAll(async () => {
  await ensureOpenSsh();
  scene = await Scene.create();
  const keys: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    keys.push((await scene.makeKey(name)).split(' ').slice(0, 2).join(' '));
  }
  const [one = '', two = '', three = ''] = keys;
  const plain = ['web-1', 'WEB-2,192.0.2.7', '[web-1]:2222', '2001:db8::1', '[2001:db8::1]:22000'];
  const patterns = ['*.example.org,!bad.example.org', 'db-?', '[*.example.net]:2222'];
  await writeFile(scene.knownHosts, plain.map((names) => `${names} ${one} comment\n`).join(''));
  await run('ssh-keygen', ['-H', '-f', scene.knownHosts]);
  const rest = [...plain, ...patterns].map((names) => `${names} ${two}`);
  const marked = [
    `@revoked web-1 ${three}`,
    `@cert-authority *.example.org ${three}`,
    `# ${three}`,
    'broken',
  ];
  const hashed = await readFile(scene.knownHosts, 'utf8');
  await writeFile(scene.knownHosts, `${hashed}${rest.join('\n')}\n\n${marked.join('\n')}`);
});
afterAll(() => scene.end());

it.each([
  ['web-1', 22],
  ['Web-1', 22],
  ['web-1', 2222],
  ['web-1', 2223],
  ['web-2', 22],
  ['192.0.2.7', 22],
  ['192.0.2.8', 22],
  ['2001:db8::1', 22],
  ['2001:db8::1', 22000],
  ['good.example.org', 22],
  ['bad.example.org', 22],
  ['good.example.org', 2222],
  ['a.example.net', 2222],
  ['a.example.net', 22],
  ['db-1', 22],
  ['db-10', 22],
  ['nobody', 22],
])('the lines about %s port %d are those that ssh-keygen finds', async (host, port) => {
  const name = knownHostName(host, port);
  const printed = await run('ssh-keygen', ['-F', name, '-f', scene.knownHosts]).catch(() => '');
  const expected = [...printed.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
  const lines = linesFor(await readKnownHosts([scene.knownHosts]), name).map(({ line }) => line);
  expect(lines).toEqual(expected);
});
