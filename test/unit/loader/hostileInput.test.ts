import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { machine, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLoader } from '../../../scripts/build-loader';
import { hostileBtf, wholeBtf } from './btfFiles';

// The loader itself, with what somebody may give it.

let folder = '';

beforeAll(async () => {
  await buildLoader();
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-hostile-'));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
}

function loader(options: readonly string[], input?: string): Promise<Ran> {
  const child = spawn(`dist/loader/rpstrace-${machine()}`, options, { stdio: ['pipe', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    // An answer ends it.
    if (/"type":"shadow"/.test(stdout)) child.kill('SIGTERM');
  });
  if (input === undefined) child.stdin.end();
  else child.stdin.write(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

const times = (count: number, ...options: string[]) => Array.from({ length: count }, () => options).flat();

describe('a number', () => {
  it.each([
    ['wraps around 32 bits', ['--what-if', 'lo:4294967296=0'], 'no number of a queue'],
    ['wraps around 64 bits', ['--what-if', 'lo:18446744073709551616=0'], 'no number of a queue'],
    ['has a plus', ['--what-if', 'lo:+1=0'], 'no number of a queue'],
    ['has a minus', ['--what-if', 'lo:-0=0'], 'no number of a queue'],
    ['is hexadecimal', ['--what-if', 'lo:0x1=0'], 'no number of a queue'],
    ['is missing', ['--what-if', 'lo:=0'], 'no number of a queue'],
    ['is a CPU that no kernel has', ['--what-if', 'lo=8192'], 'no list of CPUs'],
    ['is a CPU that wraps around', ['--what-if', 'lo=4294967296'], 'no list of CPUs'],
    ['has a blank before it', ['--interval', ' 200'], 'takes a whole number'],
    ['has a plus before it', ['--rows', '+5'], 'takes a whole number'],
    ['has a newline behind it', ['--lease', '5\n'], 'takes a whole number'],
    ['comes round to a good one', ['--duration', '18446744073709551617'], 'takes a whole number'],
    ['is a fraction', ['--interval', '200.0'], 'takes a whole number'],
  ])('that %s is refused', async (_, options, message) => {
    const { code, stdout } = await loader(['--compile-only', ...options]);
    expect(code).toBe(2);
    expect(stdout).toContain('"code":"USAGE"');
    expect(stdout).toContain(message);
  });

  it.each([
    ['4294967297:1:0=0'],
    ['1:4294967297:0=0'],
    ['1:0:0=0'],
    ['1:1:65536=0'],
    ['-1:1:0=0'],
    ['1: 1:0=0'],
    ['1:1:0'],
  ])('of an assignment of candidates is refused in %s', async (assignment) => {
    const { stdout } = await loader(['--backend', 'none'], `shadow 1 ${assignment}\n`);
    expect(stdout).toMatch(/"type":"shadow".*"error":".*is no NETNS:IFINDEX:QUEUE=LIST"/);
  });

  it('of a candidate is refused when it wraps around', async () => {
    const { stdout } = await loader(['--backend', 'none'], 'shadow 4294967297 1:1:0=0\n');
    expect(stdout).toMatch(/"type":"shadow".*"error":".*is no number of a candidate"/);
  });
});

describe('an option', () => {
  it.each([
    ['--interface', times(65, '--interface', 'lo'), 'may be given 64 times'],
    ['--what-if', times(5, '--what-if', 'lo=0'), 'may be given 4 times'],
  ])('%s is refused when it is given too often', async (_, options, message) => {
    const { code, stdout } = await loader(['--compile-only', ...options]);
    expect(code).toBe(2);
    expect(stdout).toContain(message);
  });
});

describe('a BTF file', () => {
  const withBtf = async (bytes: Buffer) => {
    const file = join(folder, 'types');
    await writeFile(file, bytes, { mode: 0o600 });
    return loader(['--backend', 'none', '--duration', '1', '--btf', file]);
  };

  it.each(Object.entries(hostileBtf))('with %s is refused', async (_, bytes) => {
    const { code, stdout } = await withBtf(bytes);
    expect(code).toBe(1);
    expect(stdout).toContain('does not hold the types of a kernel, or not all of them');
  });

  it('that is whole is taken, unless the kernel tells other types', async () => {
    const { stdout } = await withBtf(wholeBtf);
    expect(stdout).toMatch(/describes another kernel than the one that runs|"type":"end"/);
  });

  it.each([['/dev/zero'], ['/']])('is a file that ends, and not %s', async (path) => {
    const { code, stdout } = await loader(['--backend', 'none', '--duration', '1', '--btf', path]);
    expect(code).toBe(1);
    expect(stdout).toContain('"code":"BTF_FILE"');
    expect(stdout).toContain(`cannot read ${path}`);
  });
});
