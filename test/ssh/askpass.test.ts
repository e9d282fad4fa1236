import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Askpass, type Question } from '../../src/hosts/openssh/askpass';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { makeAccount, type Account } from './account';

/** What a shell would take for something else than text. */
const texts = [
  '" & calc & "',
  "'; touch evil; '",
  '$(touch evil) `touch evil` ${HOME} $1 "$@"',
  '%PATH% %1 %* ^& | < > !x!',
  'two\nlines\\n\ttab\r\\',
  '-e process.exit(0)',
  '--require /evil.js',
  'für “alice” 密码：',
  '*',
  ' ',
];

describe('a question of ssh', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rps-ask-')), `a 'folder' "of" $HOME & %PATH%`);
    await mkdir(folder, { mode: 0o700 });
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  it.each(['C', 'C.UTF-8'])('arrives as it is, and so does the answer, in the locale %s', async (locale) => {
    const questions: Question[] = [];
    const askpass = await Askpass.listen(folder, (question) => {
      questions.push(question);
      return Promise.resolve(question.text);
    });
    try {
      const { env } = askpass;
      // A module that Node is told to load elsewhere is not loaded here.
      const surroundings = { ...process.env, LC_ALL: locale, NODE_OPTIONS: '--require /evil.js' };
      for (const text of texts) {
        const options = { env: { ...surroundings, ...env }, cwd: folder };
        const { stdout } = await promisify(execFile)(env['SSH_ASKPASS'] ?? '', [text], options);
        expect(stdout).toBe(`${text}\n`);
      }
      const pid = process.pid;
      expect(questions).toEqual(texts.map((text) => ({ text, hint: '', pid })));
      await expect(readFile(join(folder, 'evil'))).rejects.toThrow('ENOENT');
    } finally {
      askpass.close();
    }
  });
});

describe('on Windows, where a batch file would parse the question,', () => {
  let account: Account;
  let scene: Scene;
  let sshd: Sshd | undefined;
  beforeAll(async () => {
    await ensureOpenSsh();
    account = await makeAccount();
  });
  afterAll(() => account.remove());
  beforeEach(async () => {
    scene = await Scene.create();
    Object.assign(scene, { client: 'openssh', multiplexes: false, platform: 'win32' });
    // A program of the user's own that would be run to ask.
    const own = scene.path('own');
    await writeFile(own, `#!/bin/sh\nprintf %s "$1" >${scene.path('asked')}\n`, { mode: 0o700 });
    scene.env = { ...scene.env, SSH_ASKPASS: own, DISPLAY: ':' };
  });
  afterEach(async () => {
    await scene.end();
    await sshd?.stop();
  });

  const isNotAsked = () => expect(readFile(scene.path('asked'))).rejects.toThrow('ENOENT');

  it('ssh logs in where it need not ask', async () => {
    sshd = await startSshd({ authorized: [await scene.makeKey('id')] });
    await scene.configureWeb(sshd, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
    expect(await scene.whoAmI()).toBe(account.name);
    await isNotAsked();
  });

  it.each([
    ['a password', 'IdentityFile none\n  StrictHostKeyChecking no', 'AUTH_FAILED'],
    ['an unknown host key', 'IdentityFile none', 'HOST_KEY_REJECTED'],
  ])('it asks nobody for %s, and the person is told what helps', async (_what, lines, code) => {
    sshd = await startSshd();
    await scene.configureWeb(sshd, account.name, [lines]);
    await expect(scene.open('web')).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('On Windows ssh cannot ask') as unknown,
    });
    expect(scene.person.asked).toEqual([]);
    expect(scene.person.shown).toEqual([]);
    await isNotAsked();
  });
});
