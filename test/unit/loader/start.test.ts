import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Cancelled } from '../../../src/problem';
import { binaries, END, HELLO, never, problemOf, scriptedHost, traceOf, WELL } from './scriptedHost';

const host = scriptedHost();

describe('starting the loader on a host', () => {
  it('puts it into a folder closed to others, under the name of its content, and only once', async () => {
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const cache = host.path('cache', 'rps-trace');
    const name = `rpstrace-${binaries(WELL).x86_64.sha256}`;
    expect(await readdir(cache)).toEqual([name]);
    const first = await stat(join(cache, name));
    expect(first.mode & 0o777).toBe(0o700);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    await trace.start(never);
    await trace.stop();
    expect((await stat(join(cache, name))).ino).toBe(first.ino);
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });

  it('replaces what somebody changed, and removes other versions and what cut connections left', async () => {
    const cache = host.path('cache', 'rps-trace');
    const name = `rpstrace-${binaries(WELL).x86_64.sha256}`;
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, name), '#!/bin/sh\necho evil\n', { mode: 0o700 });
    await writeFile(join(cache, 'rpstrace-0123'), '', { mode: 0o700 });
    await writeFile(join(cache, 'upload.old'), '');
    await writeFile(join(cache, 'upload.new'), '');
    const yesterday = Date.now() / 1000 - 86_400;
    await utimes(join(cache, 'upload.old'), yesterday, yesterday);
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect((await readdir(cache)).sort()).toEqual([name, 'upload.new']);
  });

  it('says that a host is not Linux', async () => {
    await host.program('uname', 'echo Darwin');
    expect(await problemOf(WELL)).toMatchObject({ code: 'NOT_LINUX' });
  });

  it('says for which architectures there is a loader', async () => {
    await host.program('uname', 'case $1 in -s) echo Linux;; -m) echo riscv64;; esac');
    const problem = await problemOf(WELL);
    expect(problem).toMatchObject({ code: 'ARCH_UNKNOWN' });
    expect(`${problem.message} ${problem.hint}`).toMatch(/riscv64.*x86_64 and aarch64/);
  });

  it('refuses a loader that arrived damaged, and leaves nothing of it', async () => {
    await host.program('sha256sum', 'echo "0000  $1"');
    expect(await problemOf(WELL)).toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(await readdir(host.path('cache', 'rps-trace'))).toEqual([]);
  });

  it('hands on what the loader says is wrong', async () => {
    const error = '{"type":"error","code":"NO_BTF","stage":"load","message":"no BTF","hint":"use --btf"}';
    const problem = await problemOf(`echo '${error}'; exit 1`);
    expect(problem).toMatchObject({ code: 'LOADER_FAILED', message: 'no BTF', hint: 'use --btf' });
  });

  it('tells how a loader died that said nothing', async () => {
    const problem = await problemOf('echo "Illegal instruction" >&2; exit 132');
    expect(problem).toMatchObject({ code: 'LOADER_DIED' });
    expect(problem.message).toMatch(/132.*Illegal instruction/);
  });

  it('gives up on garbage instead of frames', async () => {
    const problem = await problemOf('i=0; while [ $i -lt 50 ]; do echo Last login; i=$((i+1)); done; cat');
    expect(problem).toMatchObject({ code: 'PROTOCOL' });
  });

  it('refuses a loader of another protocol', async () => {
    const problem = await problemOf(`echo '${HELLO.replace('"protocol":1', '"protocol":2')}'; cat`);
    expect(problem).toMatchObject({ code: 'PROTOCOL' });
  });

  it('counts garbage between frames and goes on', async () => {
    const { trace, messages } = traceOf(`echo '${HELLO}'; echo what; cat >/dev/null; echo '${END}'`);
    await trace.start(never);
    await vi.waitFor(() => {
      const told = messages.flatMap((message) =>
        message.type === 'health' ? [message.health.badLines] : [],
      );
      expect(told).toContain(1);
    });
    await trace.stop();
    expect(trace.state.kind).toBe('stopped');
  });

  it('notices that the loader dies later, and can start again', async () => {
    const { trace } = traceOf(`echo '${HELLO}'; [ -e ${host.path('again')} ] && cat; exit 3`);
    await trace.start(never);
    await vi.waitFor(() => expect(trace.state).toMatchObject({ kind: 'failed', code: 'LOADER_DIED' }));
    await writeFile(host.path('again'), '');
    await trace.start(never);
    expect(trace.state.kind).toBe('tracing');
    await trace.stop();
  });

  it('that is stopped before it counts has gone when the trace says so', async () => {
    const script = `touch '${host.path('begun')}'; cat >/dev/null; sleep 0.5; touch '${host.path('gone')}'`;
    const { trace } = traceOf(script);
    const started = trace.start(never).catch((error: unknown) => error);
    await vi.waitFor(() => stat(host.path('begun')), 8000);
    const stopped = trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopping' });
    await stopped;
    await stat(host.path('gone'));
    expect(trace.state).toMatchObject({ kind: 'stopped' });
    expect(await started).toBeInstanceOf(Cancelled);
  });

  it('can be cancelled while it waits', async () => {
    const { trace } = traceOf('cat');
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 500);
    await expect(trace.start(cancel.signal)).rejects.toThrow('cancelled');
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });
});
