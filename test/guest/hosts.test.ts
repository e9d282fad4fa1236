import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import { bootGuest, type Guest } from './guest';
import { decisions, framesOf, loader, only, putLoader, whileTracing } from './loaderRun';

let guest: Guest;

beforeAll(async () => {
  await buildLoader();
  guest = await bootGuest();
  await putLoader(guest);
  await guest.run('echo f >/sys/class/net/lo/queues/rx-0/rps_cpus');
});
afterAll(() => guest.stop());

const LO = 1;
/** Pings from two CPUs in turn: all take the same way, so at least one of the two has it lead to another CPU. */
const flood = (count: number) =>
  [0, 1].map((cpu) => `taskset -c ${cpu} ping -q -f -c ${count / 2} 127.0.0.1 >/dev/null`).join('; ');
const backends = ['fexit', 'kprobe', 'kretprobe'] as const;

describe('least privilege', () => {
  it.each(backends)('gives up every capability and most system calls once %s counts', async (backend) => {
    const { printed, end } = await whileTracing(
      guest,
      `grep -hE '^(CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/$loader/status; ${flood(200)}; sleep 2`,
      `--interval 200 --backend ${backend}`,
    );
    expect(printed.match(/\S+$/gm)).toEqual(['0000000000000000', '0000000000000000', '1', '2']);
    expect(end.reason).toBe('stdin closed');
    expect(decisions(end.rows, LO)).toBeGreaterThan(0);
  });

  const rights = '--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon';
  const withFew = `setpriv --reuid alice --regid alice --clear-groups ${rights} ${loader}`;

  it.each(backends)('needs no more than CAP_BPF and CAP_PERFMON for %s', async (backend) => {
    const stdout = await guest.run(
      `sysctl -qw kernel.perf_event_paranoid=2
       ${withFew} --backend ${backend} --duration 20 --interval 200 </dev/null >/tmp/few & loader=$!
       for i in $(seq 300); do grep -q '"seq":0' /tmp/few && break; sleep 0.1; done
       ${flood(500)}; kill $loader; wait $loader
       sysctl -qw kernel.perf_event_paranoid=3; cat /tmp/few`,
    );
    const [end] = only(framesOf(stdout), 'end');
    const seen = decisions(end?.rows ?? [], LO);
    if (backend === 'kprobe') expect(seen).toBeGreaterThan(0);
    else expect(seen).toBe(1000);
  });

  it('says what keeps those capabilities from using kprobes on Debian', async () => {
    const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_CAPABILITY', stage: 'attach' }]);
    expect(stdout).toContain('kernel.perf_event_paranoid');
  });
});

describe('CPUs that come and go', () => {
  it.each(backends)('counts on with %s while a CPU is offline and when it is back', async (backend) => {
    const { end } = await whileTracing(
      guest,
      `echo 0 >/sys/devices/system/cpu/cpu3/online; ${flood(300)}
       echo 1 >/sys/devices/system/cpu/cpu3/online; ${flood(300)}`,
      `--interval 200 --backend ${backend}`,
    );
    expect(end).toMatchObject({ missed: 0, lost: 0 });
    const seen = decisions(end.rows, LO);
    if (backend === 'kprobe') expect(seen).toBeGreaterThan(0);
    else expect(seen).toBe(1200);
  });
});

describe('a kernel that does not tell its types', () => {
  const own = '/tmp/own.btf';
  beforeAll(async () => {
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

      const { frames, end } = await whileTracing(guest, flood(500), `--btf ${own} --interval 200`);
      const [hello] = only(frames, 'hello');
      expect(hello?.backend).toBe('kprobe');
      expect(hello?.backends?.[0]).toMatchObject({ name: 'fexit', state: 'refused' });
      expect(decisions(end.rows, LO)).toBeGreaterThan(0);

      const complete = `--backend kretprobe --btf ${own} --interval 200`;
      expect(decisions((await whileTracing(guest, flood(500), complete)).end.rows, LO)).toBe(1000);
    } finally {
      await guest.run('umount /sys/kernel/btf');
    }
  });
});

// Last: there is no way back.
describe('lockdown', () => {
  const lock = (level: string) =>
    guest.run(`mountpoint -q /sys/kernel/security || mount -t securityfs none /sys/kernel/security
      echo ${level} >/sys/kernel/security/lockdown`);

  it('traces a kernel in lockdown for integrity', async () => {
    await lock('integrity');
    const { end } = await whileTracing(guest, flood(100));
    expect(decisions(end.rows, LO)).toBe(200);
  });

  it('says that lockdown for confidentiality forbids it', async () => {
    await lock('confidentiality');
    const { code, stdout } = await guest.runRaw(`${loader} --duration 1 --backend fexit`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'LOCKDOWN' }]);
    const frames = framesOf(await guest.run(`${loader} --duration 1`));
    expect(only(frames, 'hello')[0]).toMatchObject({
      backend: 'none',
      backends: [{ code: 'LOCKDOWN' }, { code: 'LOCKDOWN' }, { state: 'untried' }],
    });
    expect(only(frames, 'softnet').length).toBeGreaterThan(0);
    const [check] = only(framesOf((await guest.runRaw(`${loader} --check`)).stdout), 'check');
    expect(check?.backends.map(({ state }) => state)).toEqual(['untested', 'untested', 'untested']);
  });
});
