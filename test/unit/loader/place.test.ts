import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { localConnection } from '../../../src/hosts/local/connection';
import { cleanUp } from '../../../src/loader/cleanUp';
import { binaries, never, problemOf, scriptedHost, traceOf, WELL } from './scriptedHost';

const host = scriptedHost();

describe('the types of a kernel', () => {
  const ARGUMENTS = `printf '%s\\n' "$@" >"\${0%/*}/../arguments"`;
  const cache = () => host.path('cache', 'rps-trace');

  it('go to a host whose kernel does not tell them, once, under the name of their content', async () => {
    const file = host.path('types.btf');
    await writeFile(file, 'types');
    // The shell's test for the kernel's own file fails on a host without it.
    const hasTypes = await stat('/sys/kernel/btf/vmlinux').catch(() => undefined);
    const { trace } = traceOf(`${ARGUMENTS}\n${WELL}`, [], { btf: () => file });
    await trace.start(never);
    await trace.stop();
    const name = `btf-${createHash('sha256').update('types').digest('hex')}`;
    const told = await readFile(host.path('cache/arguments'), 'utf8');
    if (hasTypes) {
      expect(told).not.toContain('--btf');
      return;
    }
    expect(told).toContain(`--btf\n${join(cache(), name)}\n`);
    const first = await stat(join(cache(), name));
    expect(first.mode & 0o777).toBe(0o700);
    await trace.start(never);
    await trace.stop();
    expect((await stat(join(cache(), name))).ino).toBe(first.ino);
    const connection = localConnection();
    expect(await cleanUp(connection, never)).toContain(join(cache(), name));
    connection.dispose();
  });

  it('that cannot be read are told before anything is done', async () => {
    const { trace } = traceOf(WELL, [], { btf: () => host.path('none') });
    await expect(trace.start(never)).rejects.toMatchObject({ code: 'BTF_FILE' });
    expect(await readdir(host.path())).not.toContain('cache');
  });
});

describe('a host without a tool for SHA-256', () => {
  beforeEach(async () => {
    for (const name of ['sha256sum', 'shasum', 'openssl']) await host.program(name, 'exit 127');
  });

  it('sends the loader back to be verified, and takes it again at the next start', async () => {
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const file = host.path('cache', 'rps-trace', `rpstrace-${binaries(WELL).x86_64.sha256}`);
    const first = await stat(file);
    await trace.start(never);
    await trace.stop();
    expect((await stat(file)).ino).toBe(first.ino);
    expect(trace.state.kind).toBe('stopped');
  });

  it('does not run what somebody changed', async () => {
    const cache = host.path('cache', 'rps-trace');
    const file = join(cache, `rpstrace-${binaries(WELL).x86_64.sha256}`);
    await mkdir(cache, { recursive: true });
    await writeFile(file, '#!/bin/sh\necho evil\n', { mode: 0o700 });
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect(await readFile(file)).toEqual(Buffer.from(binaries(WELL).x86_64.bytes));
  });

  it('is not trusted with a loader that arrives damaged', async () => {
    await host.program('cat', 'if [ $# -gt 0 ]; then echo damaged; else exec /bin/cat; fi');
    expect(await problemOf(WELL)).toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(await readdir(host.path('cache', 'rps-trace'))).toEqual([]);
  });
});

describe('cleaning up a host', () => {
  it('removes what was uploaded and tells what it was, and nothing that is somebody else’s', async () => {
    await host.program('id', 'echo 4711');
    await host.program(
      'sudo',
      'while [ "$1" != -- ]; do shift; [ $# -gt 0 ] || exit 0; done; shift; exec "$@"',
    );
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const cache = host.path('cache', 'rps-trace');
    const file = join(cache, `rpstrace-${binaries(WELL).x86_64.sha256}`);
    const connection = localConnection();
    expect(await cleanUp(connection, never)).toEqual([file, cache]);
    expect(await cleanUp(connection, never)).toEqual([]);
    await mkdir(cache);
    await writeFile(join(cache, 'mine'), '');
    expect(await cleanUp(connection, never)).toEqual([]);
    expect(await readdir(cache)).toEqual(['mine']);
    connection.dispose();
  });
});
