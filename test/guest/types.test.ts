import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
