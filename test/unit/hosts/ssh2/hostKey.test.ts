import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { interpret } from '../../../../src/hosts/sshconfig/config';
import { sshEnvironment } from '../../../../src/hosts/sshconfig/environment';
import { HostKeyCheck } from '../../../../src/hosts/ssh2/hostKey';
import { keyType, parseKnownHosts } from '../../../../src/hosts/login/knownHosts';

const ADDRESS = '192.0.2.7';
let folder: string;
let file: string;
let asked: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-key-'));
  file = join(folder, 'known_hosts');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  asked = 0;
  await rm(file, { force: true });
});

/** A public key blob that names its type. */
function key(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type + content)]);
}
const one = key('ssh-ed25519', 'one');
const two = key('ssh-ed25519', 'two');
const line = (names: string, blob: Buffer) => `${names} ${keyType(blob)} ${blob.toString('base64')}\n`;

/** A check of `web`, which was dialled at an address, by the lines that are known. */
function check(known: string, settings: Record<string, string>, address: string | null = ADDRESS) {
  const all = { userknownhostsfile: file, checkhostip: 'yes', ...settings };
  const values = new Map(Object.entries(all).map(([keyword, value]) => [keyword, [value]]));
  const silent = () => undefined;
  return new HostKeyCheck({
    config: interpret('web', values, sshEnvironment()),
    address: address ?? undefined,
    knownHosts: parseKnownHosts(known, file),
    prompts: {
      secret: () => Promise.resolve(undefined),
      acceptHostKey: () => Promise.resolve(++asked > 0),
    },
    log: { info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
  });
}
const written = () => readFile(file, 'utf8').catch(() => '');

describe('CheckHostIP', () => {
  it('adds the address of a host that is known, without a question', async () => {
    expect(check(line('web', one), {}).check(one)).toBe(true);
    await expect.poll(written).toBe(line(ADDRESS, one));
    expect(asked).toBe(0);
  });

  it('adds a new host with its address, each on a line of its own when hashed', async () => {
    expect(await check('', {}).check(one)).toBe(true);
    expect(await written()).toBe(line(`web,${ADDRESS}`, one));
    await rm(file);
    expect(await check('', { hashknownhosts: 'yes' }).check(one)).toBe(true);
    expect((await written()).match(/^\|1\|/gm)).toHaveLength(2);
  });

  it.each(['ask', 'accept-new', 'yes'])('refuses a key that its address has not, by %s', async (strict) => {
    for (const known of [line('web', one) + line(ADDRESS, two), line(ADDRESS, two)]) {
      const checking = async () => check(known, { stricthostkeychecking: strict }).check(one);
      await expect(checking()).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
    }
    expect(asked).toBe(0);
  });

  it('goes on with such a key without strict checking, as ssh does', () => {
    const known = line('web', one) + line(ADDRESS, two);
    expect(check(known, { stricthostkeychecking: 'no' }).check(one)).toBe(true);
  });

  it.each([
    ['it is off', { checkhostip: 'no' }, ADDRESS],
    ['the address is of this machine', {}, '127.0.0.1'],
    ['a program has dialled', {}, null],
  ])('looks no address up where %s', (_why, settings: Record<string, string>, address) => {
    const known = line('web', one) + line(`${ADDRESS},127.0.0.1`, two);
    expect(check(known, settings, address).check(one)).toBe(true);
  });
});

it('NoHostAuthenticationForLocalhost trusts this machine only', () => {
  const settings = { nohostauthenticationforlocalhost: 'yes' };
  expect(check(line('web', two), settings, '::1').check(one)).toBe(true);
  expect(() => check(line('web', two), settings).check(one)).toThrow(/is not the one/);
});
