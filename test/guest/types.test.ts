import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endlessBtf, hostileBtf } from '../unit/loader/btfFiles';
import { bootForTests } from './bootForTests';
import type { Guest } from './guest';
import { backendOf, traceGuest } from './guestTrace';
import {
  bootWithLoader,
  decisions,
  floodFromTwo,
  framesOf,
  LO,
  loader,
  only,
  whileTracing,
} from './loaderRun';

// Linux 5.10 gives its own types no number: what is hidden in sysfs is hidden.
describe('a kernel that does not tell its types', () => {
  const own = '/tmp/own.btf';
  let guest: Guest;
  const boot = () => bootWithLoader({ kernel: '5.10' });
  bootForTests(boot, async (booted) => {
    guest = booted;
    await guest.run(`cp /sys/kernel/btf/vmlinux ${own}
      head -c 100000 ${own} >/tmp/short.btf; echo nonsense >/tmp/none.btf
      LC_ALL=C sed 's/sk_buff_fclones/sk_buff_fclonez/' ${own} >/tmp/other.btf`);
  });

  it.each([
    ['is not there', '/tmp/missing.btf', /^cannot read \/tmp\/missing.btf/],
    [
      'is cut short',
      '/tmp/short.btf',
      /^\/tmp\/short.btf does not hold the types of a kernel, or not all of them$/,
    ],
    ['is no BTF', '/tmp/none.btf', /^\/tmp\/none.btf does not hold the types of a kernel/],
    [
      'is of another kernel',
      '/tmp/other.btf',
      /^\/tmp\/other.btf describes another kernel than the one that runs$/,
    ],
  ])('refuses a file that %s', async (_, file, message) => {
    const { code, stdout } = await guest.runRaw(`${loader} --duration 1 --btf ${file}`);
    const [error] = only(framesOf(stdout), 'error');
    expect(code).toBe(1);
    expect(error?.code).toBe('BTF_FILE');
    expect(error?.message).toMatch(message);
  });

  it.each([
    ['has a circle of typedefs', hostileBtf['two typedefs that lead to each other'], 'BTF_FILE'],
    ['has unions within unions without an end', endlessBtf, 'LOAD_FAILED'],
  ])('refuses a file that %s as soon as any other', async (_, bytes, code) => {
    await guest.run('base64 -d >/tmp/hostile.btf; mount -t tmpfs none /sys/kernel/btf', {
      input: bytes?.toString('base64') ?? '',
    });
    try {
      const options = '--duration 1 --backend kprobe --btf /tmp/hostile.btf';
      const run = await guest.runRaw(`timeout -s KILL 30 ${loader} ${options}`);
      expect(run.code).toBe(1);
      expect(framesOf(run.stdout)).toMatchObject([{ type: 'error', code }]);
    } finally {
      await guest.run('umount /sys/kernel/btf');
    }
  });

  it('has the file read by a child that has no rights', async () => {
    // A file that is read for a while, and what the child has meanwhile.
    const printed = await guest.run(
      `for i in $(seq 50); do
         ${loader} --backend none --duration 1 --btf ${own} </dev/null >/dev/null & loader=$!
         while [ -d /proc/$loader ]; do
           for child in $(cat /proc/$loader/task/$loader/children 2>/dev/null); do
             # The child that looks for devices has root as its real user.
             grep -qs '^Uid:.65534' /proc/$child/status && grep -qs '^Seccomp:.*2$' /proc/$child/status &&
               kill -STOP $child && break 3
           done
         done
       done
       grep -E '^(Uid|CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/$child/status
       grep -E '^Max (cpu time|file size|processes|address space)' /proc/$child/limits
       readlink /proc/$child/fd/0 /proc/$child/fd/1 /proc/$child/fd/2; kill -KILL $child; wait $loader; true`,
    );
    const lines = printed.trim().split('\n');
    expect(lines.map((line) => line.split(/\s+/).filter(Boolean).join(' '))).toEqual([
      `Uid: ${Array(4).fill('65534').join(' ')}`,
      'CapPrm: 0000000000000000',
      'CapEff: 0000000000000000',
      'NoNewPrivs: 1',
      'Seccomp: 2',
      'Max cpu time 20 20 seconds',
      'Max file size 0 0 bytes',
      'Max processes 0 0 processes',
      'Max address space 536870912 536870912 bytes',
      '/dev/null',
      '/dev/null',
      '/dev/null',
    ]);
  });

  it('is traced by kprobes with a file of its types, and not without', async () => {
    await guest.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      const { code, stdout } = await guest.runRaw(`${loader} --duration 1 --backend kprobe`);
      expect(code).toBe(1);
      expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_BTF' }]);

      const { frames, end } = await whileTracing(
        guest,
        `${floodFromTwo(500)}; seen '"type":"audit"'`,
        `--btf ${own} --interval 200`,
      );
      const [hello] = only(frames, 'hello');
      expect(hello?.backend).toBe('kprobe');
      expect(hello?.backends?.[0]).toMatchObject({ name: 'fexit', state: 'refused', code: 'NO_BTF' });
      expect(only(frames, 'audit')[0]).toMatchObject({ state: 'used', by: 'kprobe' });
      expect(decisions(end.rows, LO)).toBeGreaterThan(0);

      const complete = `--backend kretprobe --btf ${own} --interval 200`;
      expect(decisions((await whileTracing(guest, floodFromTwo(500), complete)).end.rows, LO)).toBe(1000);
    } finally {
      await guest.run('umount /sys/kernel/btf');
    }
  });

  it('has the file brought by the extension, once, which leaves it there for others', async () => {
    const uploads = /^Uploading the BTF file/;
    const kept = () => guest.run('ls /home/bob/.cache/rps-trace');
    const folder = await mkdtemp(join(tmpdir(), 'rps-trace-btf-'));
    const file = join(folder, 'types.btf');
    await writeFile(file, Buffer.from(await guest.run('base64 -w 0 /sys/kernel/btf/vmlinux'), 'base64'));
    await using traced = await traceGuest(guest, { btf: () => file });
    const { trace } = traced;
    const start = async () => {
      await trace.start(new AbortController().signal);
      await trace.stop();
    };
    await start();
    expect(backendOf(traced)).toBe('fexit');
    expect(await kept()).not.toContain('btf-');
    await guest.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      traced.steps();
      await start();
      expect(backendOf(traced)).toBe('kprobe');
      expect(traced.steps()).toContainEqual(expect.stringMatching(uploads));
      await start();
      expect(traced.steps()).not.toContainEqual(expect.stringMatching(uploads));
      expect(await kept()).toMatch(/^btf-[0-9a-f]{64}\nrpstrace-[0-9a-f]{64}\n$/);
    } finally {
      await guest.run('umount /sys/kernel/btf');
      await rm(folder, { recursive: true });
    }
  });
});
