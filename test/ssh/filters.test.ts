import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { buildLoader } from '../../scripts/build-loader';
import { runAsRoot } from '../../scripts/run';
import type { Connection } from '../../src/hosts/connection';
import { localConnection } from '../../src/hosts/local/connection';
import { binaryOf, ownLoader } from '../../src/loader/binaries';
import { cleanUp } from '../../src/loader/cleanUp';
import { refusal, refusalHere } from '../../src/loader/compile';
import { place } from '../../src/loader/place';
import { Cancelled } from '../../src/problem';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';

const never = new AbortController().signal;
const loader = ownLoader('dist/loader') ?? '';
/** A file that comes into being when some shell reads an expression. */
const victim = join(tmpdir(), `rps-hostile-${randomBytes(6).toString('hex')}`);

let account: Account;
let scene: Scene;
let sshd: Sshd;

beforeAll(async () => {
  await Promise.all([ensureOpenSsh(), buildLoader()]);
  await ensurePackages(['fish', 'tcsh']);
  account = await makeAccount();
  scene = await Scene.create();
  sshd = await startSshd({ authorized: [await scene.makeKey('id')] });
  const host = ['Host web', 'HostName 127.0.0.1', `Port ${sshd.port}`, `User ${account.name}`];
  await scene.configure([...host, `IdentityFile ${scene.path('id')}`].join('\n  '));
});
afterAll(async () => {
  await scene.end();
  await sshd.stop();
  await account.remove();
});

const hostile = [
  `tcp; touch ${victim}`,
  `tcp & touch ${victim} &`,
  `tcp | touch ${victim}`,
  `tcp and $(touch ${victim})`,
  `tcp and \`touch ${victim}\``,
  `tcp > ${victim}`,
  `tcp' ; touch ${victim} ; '`,
  `tcp'\\'' ; touch ${victim} ; '\\''`,
  `tcp" ; touch ${victim} ; "`,
  `tcp \\' ; touch ${victim} #`,
  `tcp \n touch ${victim}`,
  `tcp && (touch ${victim})`,
  `{ touch ${victim} }`,
  'tcp !! !$ !tcp ^a^b',
  'tcp $HOME ~ * ? [a-z] {a,b} %s %n',
  'tcp \\',
  "'",
  '"',
  '#',
  '--help',
  '-',
  'host grüße and (',
  `tcp \u0007 \u001b[2J (`,
];

/** What the loader says when no shell is between. */
async function said(expression: string): Promise<string | undefined> {
  const options = ['--format=ndjson', '--compile-only', `--filter=${expression.replaceAll('\n', ' ')}`];
  const { stdout } = await promisify(execFile)(loader, options).catch(
    (error: unknown) => error as { stdout: string },
  );
  return stdout === '' ? undefined : (JSON.parse(stdout) as { message: string }).message;
}

async function expectSame(connection: Connection, path: string, expression: string): Promise<void> {
  const problem = await refusal(connection, path, expression, never);
  expect(problem?.message, expression).toBe(await said(expression));
  if (problem) expect(problem.code).toBe('FILTER_REFUSED');
  await expect(access(victim), expression).rejects.toThrow('ENOENT');
}

describe.each(['dash', 'bash', 'fish', 'tcsh'])(
  'an expression for a host whose login shell is %s',
  (shell) => {
    it('reaches libpcap as it is, and no shell', async () => {
      await runAsRoot('usermod', ['--shell', `/bin/${shell}`, account.name]);
      const connection = await scene.open('web');
      const path = await place(
        connection,
        'rpstrace',
        binaryOf(await readFile(loader)),
        { rootless: [] },
        never,
      );
      for (const expression of hostile) await expectSame(connection, path, expression);
      const longest = `tcp${' or tcp'.repeat(584)}`.padEnd(4096);
      await expectSame(connection, path, longest);
      await expectSame(connection, path, `${longest} `);
      expect(await refusal(connection, path, 'vlan 5 and tcp port 443', never)).toBeUndefined();
      await cleanUp(connection, never);
      connection.dispose();
    });
  },
);

describe('an expression for a host that is not reached yet', () => {
  it('is read by the loader of this machine, which leaves names to the host', async () => {
    for (const expression of hostile) await expectSame(localConnection(), loader, expression);
    expect(await refusalHere(loader, 'tcp and (', never)).toMatchObject({
      message: expect.stringContaining('syntax error at the end') as string,
    });
    expect(await refusalHere(loader, 'tcp port no-such-service', never)).toBeUndefined();
    expect(await refusalHere(loader, 'tcp port 443', never)).toBeUndefined();
  });

  it('is not waited for any longer once it has changed', async () => {
    const slow = join(scene.home, 'slow');
    await writeFile(slow, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const typing = new AbortController();
    const answer = refusalHere(slow, 'tcp', typing.signal);
    setTimeout(() => typing.abort(), 300);
    await expect(answer).rejects.toThrow(Cancelled);
  });

  it('is left to the start where there is no loader that runs here', async () => {
    expect(await refusalHere(join(tmpdir(), 'no-loader'), 'tcp and (', never)).toBeUndefined();
  });
});
