import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Guest } from './guest';
import { backendOf, traceGuest } from './guestTrace';
import { bootWithLoader, decisions, framesOf, LO, loader, only, whileTracing } from './loaderRun';

let guest: Guest;

beforeAll(async () => {
  guest = await bootWithLoader();
  return () => guest.stop();
});

/** Pings from two CPUs in turn: all take the same way, so at least one of the two has it lead to another CPU. */
const flood = (count: number) =>
  [0, 1].map((cpu) => `taskset -c ${cpu} ping -q -f -c ${count / 2} 127.0.0.1 >/dev/null`).join('; ');
const backends = ['fexit', 'kprobe', 'kretprobe'] as const;

/** The loader as alice, with the two capabilities that tracing takes and no other. */
const rights = '--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon';
const withFew = `setpriv --reuid alice --regid alice --clear-groups ${rights} ${loader}`;

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

  it.each(backends)('needs no more than CAP_BPF and CAP_PERFMON for %s', async (backend) => {
    const stdout = await guest.run(
      `sysctl -qw kernel.perf_event_paranoid=2
       ${withFew} --backend ${backend} --duration 60 --interval 200 </dev/null >/tmp/few & loader=$!
       for i in $(seq 300); do grep -q '"type":"audit"' /tmp/few && break; sleep 0.1; done
       ${flood(500)}; kill $loader; wait $loader
       sysctl -qw kernel.perf_event_paranoid=3; cat /tmp/few`,
    );
    expect(only(framesOf(stdout), 'audit')[0]).toMatchObject({ state: 'used', by: 'fexit' });
    const [end] = only(framesOf(stdout), 'end');
    const seen = decisions(end?.rows ?? [], LO);
    if (backend === 'kprobe') expect(seen).toBeGreaterThan(0);
    else expect(seen).toBe(1000);
  });

  it('leaves the attaching of the audit to a process that ends, however soon the trace does', async () => {
    const { printed } = await whileTracing(
      guest,
      `seen '"type":"audit"'; pgrep -P $loader | wc -l; grep -h CapPrm /proc/$(pgrep -P $loader)/status`,
    );
    expect(printed.split(/\s+/)).toEqual(['1', 'CapPrm:', '0000000000280000', '']);
    expect(await guest.run(`${loader} </dev/null >/dev/null; pgrep -a rpstrace || true`)).toBe('');
  });

  it('says what keeps those capabilities from using kprobes on Debian', async () => {
    const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_CAPABILITY', stage: 'attach' }]);
    expect(stdout).toContain('kernel.perf_event_paranoid');
  });

  it('compiles a filter as nobody, without a capability', async () => {
    // A name server that never answers keeps libpcap at it.
    const printed = await guest.run(
      `ip link add sink type dummy; ip link set sink up; ip route add 192.0.2.1 dev sink
       cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver 192.0.2.1' >/etc/resolv.conf
       ${loader} --compile-only --filter 'host rps-trace.invalid' >/dev/null 2>&1 & loader=$!
       for i in $(seq 300); do child=$(pgrep -P $loader) && grep -q '^CapPrm:.*0$' /proc/$child/status && break; sleep 0.1; done
       grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|NoNewPrivs):' /proc/$child/status
       kill -KILL $loader; wait $loader
       for i in $(seq 100); do [ -d /proc/$child ] || break; sleep 0.1; done
       [ -d /proc/$child ] && echo left behind; cp /tmp/resolv.conf /etc/resolv.conf; ip link del sink`,
    );
    const nobody = Array(4).fill('65534').join(' ');
    expect(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).filter(Boolean).join(' ')),
    ).toEqual([
      `Uid: ${nobody}`,
      `Gid: ${nobody}`,
      'Groups:',
      'CapPrm: 0000000000000000',
      'CapEff: 0000000000000000',
      'NoNewPrivs: 1',
    ]);
  });
});

describe('a host that refuses', () => {
  it('is told apart as a sandbox when bpf() is not permitted although the capabilities are there', async () => {
    // As container engines do it: a seccomp filter that answers bpf() (321 on x86_64) with EPERM.
    const { code, stdout } = await guest.runRaw(`perl -e '
      my @filter = ([0x20, 0, 0, 0], [0x15, 0, 1, 321], [0x06, 0, 0, 0x00050001], [0x06, 0, 0, 0x7fff0000]);
      my $code = join "", map { pack "SCCL", @$_ } @filter;
      my $program = pack "S x6 P", scalar @filter, $code;
      syscall(157, 38, 1, 0, 0, 0) == 0 or die $!; # PR_SET_NO_NEW_PRIVS
      syscall(157, 22, 2, $program) == 0 or die $!; # PR_SET_SECCOMP
      exec "${loader}", "--backend", "fexit", "--duration", "1"'`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'BPF_REFUSED', stage: 'load' }]);
  });

  it('is told apart when the verifier rejects the program, with the end of its log', async () => {
    // Types without a member that the program reads: what the kernel is given in its place is no valid instruction. With
    // CAP_SYS_ADMIN the loader would have the true ones from the kernel.
    await guest.run(`LC_ALL=C sed 's/queue_mapping/queue_mappinq/g' /sys/kernel/btf/vmlinux >/tmp/lacking.btf
      mount --bind /tmp/lacking.btf /sys/kernel/btf/vmlinux`);
    try {
      const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
      const [error] = only(framesOf(stdout), 'error');
      expect(code).toBe(1);
      expect(error).toMatchObject({ code: 'VERIFIER', stage: 'load' });
      expect(error?.message).toMatch(/rejected the program[^]*queue_mapping/);
    } finally {
      await guest.run('umount /sys/kernel/btf/vmlinux');
    }
  });
});

describe('a host where other tools keep CPUs busy with their probes', () => {
  it('tells of the packets that kprobe missed meanwhile', async () => {
    const { frames, end } = await whileTracing(
      guest,
      `cd /sys/kernel/tracing; echo 'p:busy vfs_read' >kprobe_events
       echo 1 >options/stacktrace; echo 1 >events/kprobes/busy/enable
       for cpu in 0 1 2 3; do
         taskset -c $cpu dd if=/dev/zero of=/dev/null bs=1 count=1000000000 2>/dev/null & readers="$readers $!"
       done
       ${flood(1000)}; sleep 2
       kill $readers; echo 0 >events/kprobes/busy/enable; echo 0 >options/stacktrace; echo >kprobe_events`,
      '--interval 200 --backend kprobe',
    );
    expect(only(frames, 'health').at(-1)?.missed).toBeGreaterThan(0);
    expect(end.missed).toBeGreaterThan(0);
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

describe('what can be read of a host', () => {
  /** A line of a kernel before 5.10: it names no CPU and has eleven columns. */
  const old = (processed: string, ipis: number) =>
    `${processed} 00000001 00000002 ${'00000000 '.repeat(6)}${ipis.toString(16).padStart(8, '0')} 00000004`;

  it('has the softnet counters of old kernels, by the order of the CPUs online and past 32 bits', async () => {
    const lines = (first: string) => [first, '00000010', '00000020'].map(old).join('\n');
    const stdout = await guest.run(`
      mkdir -p /tmp/net; echo 0 >/sys/devices/system/cpu/cpu1/online
      echo '${lines('fffffff0')}' >/tmp/net/softnet_stat
      unshare -m sh -c 'mount --bind /tmp/net /proc/$$/net
        exec ${loader} --backend none --duration 60' </dev/null >/tmp/old & loader=$!
      for i in $(seq 300); do grep -q '"type":"softnet"' /tmp/old && break; sleep 0.1; done
      echo '${lines('00000010')}' >/tmp/net/softnet_stat
      for i in $(seq 300); do grep -q '\\[0,4294967312,' /tmp/old && break; sleep 0.1; done
      kill $loader; wait $loader; echo 1 >/sys/devices/system/cpu/cpu1/online; cat /tmp/old`);
    const told = only(framesOf(stdout), 'softnet');
    expect(told[0]?.cpus).toEqual([
      [0, 0xfffffff0, 1, 2, 0, 4, -1],
      [2, 0x10, 1, 2, 1, 4, -1],
      [3, 0x20, 1, 2, 2, 4, -1],
    ]);
    expect(told.at(-1)?.cpus[0]?.[1]).toBe(2 ** 32 + 0x10);
  });

  it('is told anew when a CPU goes offline or a setting changes', async () => {
    const { frames } = await whileTracing(
      guest,
      `echo 0 >/sys/devices/system/cpu/cpu3/online; sysctl -qw net.core.netdev_max_backlog=1234
       told configuration '"netdev_max_backlog":1234'; untold softnet '\\[3,'
       echo 1 >/sys/devices/system/cpu/cpu3/online; sysctl -qw net.core.netdev_max_backlog=1000
       told configuration '"netdev_max_backlog":1000'; told softnet '\\[3,'`,
    );
    const told = only(frames, 'configuration');
    const online = told.map(({ cpus }) => cpus?.filter((cpu) => cpu.online).map(({ id }) => id));
    expect(online[0]).toEqual([0, 1, 2, 3]);
    expect(online).toContainEqual([0, 1, 2]);
    expect(online.at(-1)).toEqual([0, 1, 2, 3]);
    expect(told.map((each) => each.netdev_max_backlog)).toContain(1234);
    const counted = only(frames, 'softnet').map(({ cpus }) => cpus.map(([cpu]) => cpu));
    expect(counted[0]).toEqual([0, 1, 2, 3]);
    expect(counted).toContainEqual([0, 1, 2]);
    expect(counted.at(-1)).toEqual([0, 1, 2, 3]);
    const [first] = only(frames, 'hello')[0]?.cpus ?? [];
    expect(first).toMatchObject({ package: 0, core: 0, isolated: false });
  });

  it('has what devices are, what they stand on, and which interrupt serves them', async () => {
    const { frames } = await whileTracing(
      guest,
      `ip link add k0 type veth peer name k1; ip link add kb type bridge; ip link set k1 master kb
       ip link add link k0 name k0.7 type vlan id 7; ip link add link k0 name km type macvlan
       modprobe tun; ip tuntap add kt mode tun; ip link set k0 up; sleep 7`,
    );
    await guest.run('ip link del k0; ip link del kb; ip link del kt');
    const devices = only(frames, 'devices').at(-1)?.devices ?? [];
    const named = (name: string) => devices.find((device) => device.name === name);
    expect(named('lo')).toMatchObject({ kind: 'loopback', up: true, lower: [] });
    expect(named('k0')).toMatchObject({ kind: 'veth', up: true, node: -1, xdp: false, lower: [] });
    expect(named('kb')).toMatchObject({ kind: 'bridge', up: false, lower: [named('k1')?.ifindex] });
    expect(named('k0.7')).toMatchObject({ kind: 'vlan', lower: [named('k0')?.ifindex] });
    expect(named('km')).toMatchObject({ kind: 'macvlan', lower: [named('k0')?.ifindex] });
    expect(named('kt')).toMatchObject({ kind: 'tun' });
    const [queue] = named('eth0')?.queues ?? [];
    expect(named('eth0')?.kind).toBe('physical');
    expect(await guest.run(`cat /sys/kernel/irq/${queue?.irq}/actions`)).toMatch(/^virtio\d+-input\.0\n$/);
    expect(`${queue?.irq_cpus}\n`).toBe(
      await guest.run(`cat /proc/irq/${queue?.irq}/effective_affinity_list`),
    );
  });
});

describe('a kernel that hides its types in sysfs', () => {
  it('tells them by their number to who has CAP_SYS_ADMIN, and to nobody else', async () => {
    await guest.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      const { frames, end } = await whileTracing(guest, flood(500));
      expect(only(frames, 'hello')[0]?.backend).toBe('fexit');
      expect(decisions(end.rows, LO)).toBe(1000);
      const { code, stdout } = await guest.runRaw(`${withFew} --duration 1 --backend fexit`);
      expect(code).toBe(1);
      expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_BTF' }]);
    } finally {
      await guest.run('umount /sys/kernel/btf');
    }
  });
});

// Linux 5.10 gives its own types no number: what is hidden in sysfs is hidden.
describe('a kernel that does not tell its types', () => {
  const own = '/tmp/own.btf';
  let silent: Guest;
  beforeAll(async () => {
    silent = await bootWithLoader({ kernel: '5.10' });
    return () => silent.stop();
  });
  beforeAll(async () => {
    await silent.run(`cp /sys/kernel/btf/vmlinux ${own}
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
    const { code, stdout } = await silent.runRaw(`${loader} --duration 1 --btf ${file}`);
    const [error] = only(framesOf(stdout), 'error');
    expect(code).toBe(1);
    expect(error?.code).toBe('BTF_FILE');
    expect(error?.message).toMatch(message);
  });

  it('is traced by kprobes with a file of its types, and not without', async () => {
    await silent.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      const { code, stdout } = await silent.runRaw(`${loader} --duration 1 --backend kprobe`);
      expect(code).toBe(1);
      expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_BTF' }]);

      const { frames, end } = await whileTracing(
        silent,
        `${flood(500)}; seen '"type":"audit"'`,
        `--btf ${own} --interval 200`,
      );
      const [hello] = only(frames, 'hello');
      expect(hello?.backend).toBe('kprobe');
      expect(hello?.backends?.[0]).toMatchObject({ name: 'fexit', state: 'refused', code: 'NO_BTF' });
      expect(only(frames, 'audit')[0]).toMatchObject({ state: 'used', by: 'kprobe' });
      expect(decisions(end.rows, LO)).toBeGreaterThan(0);

      const complete = `--backend kretprobe --btf ${own} --interval 200`;
      expect(decisions((await whileTracing(silent, flood(500), complete)).end.rows, LO)).toBe(1000);
    } finally {
      await silent.run('umount /sys/kernel/btf');
    }
  });

  it('has the file brought by the extension, once, which leaves it there for others', async () => {
    const uploads = /^Uploading the BTF file/;
    const kept = () => silent.run('ls /home/bob/.cache/rps-trace');
    const folder = await mkdtemp(join(tmpdir(), 'rps-trace-btf-'));
    const file = join(folder, 'types.btf');
    await writeFile(file, Buffer.from(await silent.run('base64 -w 0 /sys/kernel/btf/vmlinux'), 'base64'));
    await using traced = await traceGuest(silent, { btf: () => file });
    const { trace } = traced;
    const start = async () => {
      await trace.start(new AbortController().signal);
      await trace.stop();
    };
    await start();
    expect(backendOf(traced)).toBe('fexit');
    expect(await kept()).not.toContain('btf-');
    await silent.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      traced.steps();
      await start();
      expect(backendOf(traced)).toBe('kprobe');
      expect(traced.steps()).toContainEqual(expect.stringMatching(uploads));
      await start();
      expect(traced.steps()).not.toContainEqual(expect.stringMatching(uploads));
      expect(await kept()).toMatch(/^btf-[0-9a-f]{64}\nrpstrace-[0-9a-f]{64}\n$/);
    } finally {
      await silent.run('umount /sys/kernel/btf');
      await rm(folder, { recursive: true });
    }
  });
});

describe('a host with 4,096 interfaces', () => {
  const interfaces = Array.from({ length: 4096 }, (_, i) => `many${i}`);
  beforeAll(async () => {
    await guest.run('ip netns add many; ip -n many -batch -', {
      input: interfaces.map((name) => `link add ${name} type dummy\n`).join(''),
      timeout: 120,
    });
    return () => guest.run('ip netns del many');
  });

  it('has all of them told, and goes on with samples meanwhile', async () => {
    const interval = 200;
    const { frames, end } = await whileTracing(
      guest,
      `seen '"${interfaces.at(-1)}"'; ${flood(500)}; sleep 2`,
      `--interval ${interval}`,
    );
    const devices = only(frames, 'devices').at(-1)?.devices ?? [];
    const told = devices.filter(({ netns_name }) => netns_name === 'many').map(({ name }) => name);
    expect(told.toSorted()).toEqual(['lo', ...interfaces].toSorted());
    const times = only(frames, 'sample').map(({ ns }) => ns / 1e6);
    const due = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / interval;
    expect(times.length).toBeGreaterThan(due / 4);
    expect(decisions(end.rows, LO)).toBe(1000);
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

  it('counts by fexit in lockdown for confidentiality, as long as nothing takes a look at packets', async () => {
    await lock('confidentiality');
    const { frames, end } = await whileTracing(guest, `${flood(100)}; seen '"type":"audit"'`);
    expect(only(frames, 'hello')[0]?.backend).toBe('fexit');
    expect(only(frames, 'audit')[0]).toMatchObject({ state: 'refused', code: 'LOCKDOWN' });
    expect(decisions(end.rows, LO)).toBe(200);
  });

  it('says that lockdown for confidentiality forbids filters and kprobes', async () => {
    for (const options of ['--backend fexit --filter icmp', '--backend kprobe', '--backend kretprobe']) {
      const { code, stdout } = await guest.runRaw(`${loader} --duration 1 ${options}`);
      expect(code).toBe(1);
      expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'LOCKDOWN' }]);
    }
    const frames = framesOf(await guest.run(`${loader} --duration 1 --filter icmp`));
    expect(only(frames, 'hello')[0]).toMatchObject({
      backend: 'none',
      backends: [{ code: 'LOCKDOWN' }, { code: 'LOCKDOWN' }, { state: 'untried' }],
    });
    expect(only(frames, 'softnet').length).toBeGreaterThan(0);
    const [check] = only(framesOf((await guest.runRaw(`${loader} --check`)).stdout), 'check');
    expect(check?.backends.map(({ state }) => state)).toEqual(['supported', 'untested', 'untested']);
    expect(check?.audit).toMatchObject({ state: 'untested', code: 'LOCKDOWN' });
  });
});
