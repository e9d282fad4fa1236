import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { run, runAsRoot } from '../../scripts/run';
import type { Connection } from '../../src/hosts/connection';
import type { SshClientChoice } from '../../src/hosts/openssh/choose';
import { localConnection } from '../../src/hosts/local/connection';
import { execText, quote } from '../../src/hosts/shell';
import { Cancelled } from '../../src/problem';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';

let account: Account;
let scene: Scene;
let sshd: Sshd;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
  scene = await Scene.create();
  sshd = await startSshd({ authorized: [await scene.makeKey('id')], config: ['MaxSessions 20'] });
  await scene.configureWeb(sshd, account.name);
});
afterAll(async () => {
  await scene.end();
  await sshd.stop();
  await account.remove();
});

/** Whether a program with this mark in its arguments runs. */
const isRunning = (mark: string) =>
  run('pgrep', ['-f', `sleep ${mark}`]).then(
    () => true,
    () => false,
  );
/** A number of seconds that no other program sleeps. */
const newMark = () => `9${randomBytes(4).readUInt32BE()}`;

function openBy(client: SshClientChoice, multiplexes = true): Promise<Connection> {
  Object.assign(scene, { client, multiplexes });
  return scene.open('web');
}

describe.each([
  ['this host', () => Promise.resolve(localConnection())],
  ['a host by ssh2', () => openBy('ssh2')],
  ['a host by the system’s ssh', () => openBy('openssh')],
  ['a host by an ssh that shares no connection', () => openBy('openssh', false)],
])('a program on %s', (where, open: () => Promise<Connection>) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await open();
  });
  afterAll(() => connection.dispose());

  it('reads its stdin to the end, writes stdout and stderr, and exits with its code', async () => {
    const answer = await execText(connection, 'cat; echo oops >&2; exit 7', { input: 'grüße' });
    expect(answer).toEqual({ exit: { kind: 'code', code: 7 }, stdout: 'grüße', stderr: 'oops\n' });
  });

  it('that is killed tells so, and by which signal unless ssh keeps it to itself', async () => {
    const { exit } = await execText(connection, `exec sh -c 'kill -TERM $$'`);
    const isTold = !/system|shares/.test(where);
    expect(exit).toEqual(isTold ? { kind: 'signal', signal: 'SIGTERM' } : { kind: 'code', code: 255 });
  });

  it('answers while its stdin is open', async () => {
    const process = await connection.exec('cat');
    process.stderr.resume();
    process.stdin.write('one\n');
    expect(String((await once(process.stdout, 'data'))[0])).toBe('one\n');
    process.stdin.write('two\n');
    expect(String((await once(process.stdout, 'data'))[0])).toBe('two\n');
    process.stdin.end();
    expect(await process.exit).toEqual({ kind: 'code', code: 0 });
  });

  it('may flood stderr without stalling stdout', async () => {
    const flood = 'dd if=/dev/zero bs=65536 count=160 >&2 2>/dev/null; echo done';
    const process = await connection.exec(`sh -c ${quote(flood)}`);
    process.stdin.end();
    let bytes = 0;
    process.stderr.on('data', (chunk: Buffer) => (bytes += chunk.length));
    expect(await text(process.stdout)).toBe('done\n');
    await process.exit;
    expect(bytes).toBe(160 * 65536);
  });

  it('runs beside others', async () => {
    const numbers = Array.from({ length: 8 }, (_, index) => String(index));
    const answers = numbers.map((number) => execText(connection, `sleep 0.2; echo ${number}`));
    expect((await Promise.all(answers)).map(({ stdout }) => stdout.trim())).toEqual(numbers);
  });

  it('that prints too much for a short answer is ended', async () => {
    await expect(execText(connection, 'yes')).rejects.toMatchObject({ code: 'HOST_ANSWER' });
  });

  it('is ended by its signal', async () => {
    const mark = newMark();
    const abort = new AbortController();
    const answer = execText(connection, 'sleep 1', { signal: abort.signal });
    const process = await connection.exec(`sleep ${mark} & cat; kill $!`, abort.signal);
    process.stdout.resume();
    process.stderr.resume();
    await expect.poll(() => isRunning(mark)).toBe(true);
    abort.abort();
    await expect(answer).rejects.toThrow(Cancelled);
    await process.exit;
    await expect.poll(() => isRunning(mark), { timeout: 5000 }).toBe(false);
    await expect(execText(connection, 'true', { signal: abort.signal })).rejects.toThrow(Cancelled);
  });

  it('gets an upload of 10 MB whole, closed to others and executable', async () => {
    const bytes = randomBytes(10_000_000);
    const folder = (await execText(connection, 'mktemp -d')).stdout.trim();
    const path = `${folder}/a 'strange' name`;
    await connection.upload(bytes, path);
    const { stdout } = await execText(connection, `sha256sum <${quote(path)}; stat -c %a ${quote(path)}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(stdout).toBe(`${sha256}  -\n700\n`);
    await expect(connection.upload(bytes, path)).rejects.toMatchObject({ code: 'UPLOAD_FAILED' });
    await execText(connection, `rm -r ${quote(folder)}`);
  });

  it('refuses an upload to where nothing can be written, and says why', async () => {
    const upload = connection.upload(randomBytes(10_000_000), '/proc/none/file');
    await expect(upload).rejects.toMatchObject({ code: 'UPLOAD_FAILED' });
    await expect(upload).rejects.toThrow(/none/);
  });

  it('ends with the connection', async () => {
    const mark = newMark();
    const other = await open();
    const process = await other.exec(`sleep ${mark} & cat; kill $!`);
    process.stdout.resume();
    process.stderr.resume();
    await expect.poll(() => isRunning(mark)).toBe(true);
    other.dispose();
    await process.exit;
    await expect.poll(() => isRunning(mark), { timeout: 5000 }).toBe(false);
    await expect(other.exec('true')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await Promise.race([other.lost, sleep(100)])).toBeUndefined();
  });
});

it('this host kills what does not leave when its stdin ends', async () => {
  const mark = newMark();
  const connection = localConnection();
  const process = await connection.exec(`sleep ${mark}; true`);
  process.stdout.resume();
  process.stderr.resume();
  connection.dispose();
  expect(await process.exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  expect(await isRunning(mark)).toBe(false);
});

describe('a login shell', () => {
  const odd = `a'b"c\\d\\\\e $HOME \`id\` !x %s *;&|`;

  it.each(['bash', 'dash', 'fish', 'tcsh'])(
    'that is %s takes a quoted text unchanged, and an upload',
    async (shell) => {
      await ensurePackages([shell]);
      await runAsRoot('usermod', ['--shell', `/bin/${shell}`, account.name]);
      const connection = await scene.open('web');
      const { stdout } = await execText(connection, `printf %s ${quote(odd)}`);
      expect(stdout).toBe(odd);
      const nested = await execText(connection, `sh -c ${quote(`printf %s ${quote(odd)}`)}`);
      expect(nested.stdout).toBe(odd);
      const path = join(tmpdir(), `rps-upload-${randomBytes(4).toString('hex')}`);
      await connection.upload(Buffer.from('x'), path);
      expect((await stat(path)).mode & 0o777).toBe(0o700);
      await execText(connection, `rm ${quote(path)}`);
      connection.dispose();
    },
  );
});
