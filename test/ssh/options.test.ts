import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { handovers, treatmentOf } from '../../src/hosts/sshconfig/options';
import { ensureOpenSsh } from './sshd';

const MANUAL = '/usr/share/man/man5/ssh_config.5.gz';

beforeAll(() => ensureOpenSsh());

/** The source of ssh_config(5): from this machine or, where manuals are left out, from its package. */
async function manual(): Promise<string> {
  const here = await readFile(MANUAL).catch(() => undefined);
  if (here !== undefined) return gunzipSync(here).toString('utf8');
  const folder = await mkdtemp(join(tmpdir(), 'rps-manual-'));
  try {
    const unpack = 'apt-get download -q openssh-client && dpkg -x openssh-client_*.deb .';
    await run('sh', ['-c', `cd '${folder}' && ${unpack}`]);
    return gunzipSync(await readFile(join(folder, MANUAL))).toString('utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

const without = (keywords: readonly string[]) =>
  keywords.filter((keyword) => treatmentOf(keyword) === undefined);

describe('the table of options', () => {
  it('has every option that ssh -G prints', async () => {
    const lines = (await run('ssh', ['-G', '-F', 'none', 'web'])).trim().split('\n');
    const keywords = lines.map((line) => line.split(' ')[0] ?? '');
    expect(keywords.length).toBeGreaterThan(50);
    expect(without(keywords)).toEqual([]);
  });

  it('has every option that ssh_config(5) describes', async () => {
    const keywords = [...(await manual()).matchAll(/^\.It Cm ([A-Z]\w+)/gm)].map(([, name = '']) => name);
    expect(keywords.length).toBeGreaterThan(90);
    expect(without(keywords)).toEqual([]);
  });

  it('asks nothing of the system’s ssh for what ssh does by default', async () => {
    const lines = (await run('ssh', ['-G', '-F', 'none', 'web'])).trim().split('\n');
    const settings = lines
      .map((line) => /^(\S+) (.*)$/.exec(line))
      .map((match) => [match?.[1] ?? '', [match?.[2] ?? '']] as const);
    expect(handovers(new Map(settings))).toEqual([]);
  });

  it('takes an option that nobody knows for a protection, unless it is off', () => {
    const settings = new Map([
      ['newprotection', ['strong']],
      ['newcolour', ['no']],
    ]);
    expect(handovers(settings)).toEqual([{ option: 'newprotection', purpose: 'protection' }]);
  });
});
