import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../shared/frames/frames';
import { bootForTests } from './bootForTests';
import { about } from './findings';
import type { Guest } from './guest';
import {
  backends,
  bootWithLoader,
  decisions,
  floodFromTwo,
  framesOf,
  keyOf,
  LO,
  loader,
  only,
  whileTracing,
} from './loaderRun';

let guest: Guest;

/** A device that net_failover makes of a virtio device, which would stand in for hardware of the host. */
const failover = [
  ...['-netdev', 'user,id=more,restrict=on'],
  ...['-device', 'virtio-net-pci,netdev=more,failover=on,mac=52:54:00:12:34:77'],
];

const boot = () => bootWithLoader({ hardware: failover });
bootForTests(boot, (booted) => void (guest = booted));

describe('a host where other tools keep CPUs busy with their probes', () => {
  it('tells of the packets that kprobe missed meanwhile', async () => {
    const { frames, end } = await whileTracing(
      guest,
      `cd /sys/kernel/tracing; echo 'p:busy vfs_read' >kprobe_events
       echo 1 >options/stacktrace; echo 1 >events/kprobes/busy/enable
       for cpu in 0 1 2 3; do
         taskset -c $cpu dd if=/dev/zero of=/dev/null bs=1 count=1000000000 2>/dev/null & readers="$readers $!"
       done
       ${floodFromTwo(1000)}; sleep 2
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
      `echo 0 >/sys/devices/system/cpu/cpu3/online; ${floodFromTwo(300)}
       echo 1 >/sys/devices/system/cpu/cpu3/online; ${floodFromTwo(300)}`,
      `--interval 200 --backend ${backend}`,
    );
    expect(end).toMatchObject({ missed: 0, lost: 0 });
    const seen = decisions(end.rows, LO);
    if (backend === 'kprobe') expect(seen).toBeGreaterThan(0);
    else expect(seen).toBe(1200);
  });
});

describe('devices that come, move and go on every CPU at once, under traffic', () => {
  it("never get each other's packets, as a kretprobe that looks at each packet's device confirms", async () => {
    const { end, printed } = await whileTracing(
      guest,
      `${loader} --backend kretprobe --duration 120 </dev/null >$folder/other & other=$!
       seen '"type":"audit"'; soon grep -q '"seq":0' $folder/other
       come_and_go() {
         taskset -p -c $1 $BASHPID
         for netns in a$1 b$1 c$1; do ip netns add $netns; done
         for round in 1 2 3; do
           ip link add v index 77 netns a$1 type veth peer name v index 77 netns b$1
           for netns in a$1 b$1; do
             ip netns exec $netns sh -c 'echo f >/sys/class/net/v/queues/rx-0/rps_cpus'
             ip -n $netns link set v up
           done
           ip -n a$1 addr add 10.9.0.1/24 dev v; ip -n b$1 addr add 10.9.0.2/24 dev v
           ip netns exec a$1 ping -q -f -w 2 10.9.0.2 & pings=$!
           sleep 0.5; ip -n b$1 link set v netns c$1
           ip -n c$1 addr add 10.9.0.2/24 dev v; ip -n c$1 link set v up
           wait $pings; ip -n a$1 link del v
         done
         for netns in a$1 b$1 c$1; do ip netns del $netns; done
       }
       for cpu in 0 1 2 3; do come_and_go $cpu >/dev/null & workers="$workers $!"; done
       wait $workers; kill -INT $other; wait $other; tail -n 1 $folder/other`,
    );
    const [other] = only(framesOf(printed), 'end');
    const moving = (rows: readonly Row[] = []) =>
      rows.filter((row) => row[1] === 77).map((row) => `${keyOf(row)}: ${row.slice(6, 9).join(' ')}`);
    expect(end).toMatchObject({ missed: 0, lost: 0 });
    expect(moving(end.rows).toSorted()).toEqual(moving(other?.rows).toSorted());
    expect(new Set(end.rows.filter((row) => row[1] === 77).map((row) => row[9])).size).toBe(24);
    expect(decisions(end.rows, 77)).toBeGreaterThan(1000);
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
        exec ${loader} --backend none --duration 600' </dev/null >/tmp/old & loader=$!
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
    for (const { cpus } of told) expect(cpus?.map(({ node }) => node)).toEqual([0, 0, 1, 1]);
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
       ip link add kk0 type netkit peer name kk1
       echo f >/sys/class/net/eth1/queues/rx-0/rps_cpus
       modprobe tun; ip tuntap add kt mode tun; ip link set k0 up
       told devices '"name":"k0",[^{]*"up":true'; told findings '"device":"eth1","kind":"failover"'`,
    );
    await guest.run(`ip link del k0; ip link del kb; ip link del kt; ip link del kk0
      echo 0 >/sys/class/net/eth1/queues/rx-0/rps_cpus`);
    const devices = only(frames, 'devices').at(-1)?.devices ?? [];
    const named = (name: string) => devices.find((device) => device.name === name);
    expect(named('lo')).toMatchObject({ kind: 'loopback', up: true, lower: [] });
    expect(named('k0')).toMatchObject({ kind: 'veth', up: true, node: -1, xdp: false, lower: [] });
    expect(named('kb')).toMatchObject({ kind: 'bridge', up: false, lower: [named('k1')?.ifindex] });
    expect(named('k0.7')).toMatchObject({ kind: 'vlan', lower: [named('k0')?.ifindex] });
    expect(named('km')).toMatchObject({ kind: 'macvlan', lower: [named('k0')?.ifindex] });
    expect(named('kt')).toMatchObject({ kind: 'tun' });
    // Each end of a pair names the other, and neither is below.
    for (const end of ['kk0', 'kk1']) expect(named(end)).toMatchObject({ kind: 'other', lower: [] });
    expect(named('eth1')).toMatchObject({ kind: 'failover', lower: [named('eth2')?.ifindex] });
    expect(named('eth1')?.queues[0]).not.toHaveProperty('irq');
    expect(named('eth2')?.kind).toBe('physical');
    expect(
      about(only(frames, 'findings').at(-1)?.findings ?? [], 'mask-no-effect', 'eth1').values,
    ).toMatchObject({
      kind: 'failover',
      lower: 'eth2',
    });
    const [queue] = named('eth0')?.queues ?? [];
    expect(named('eth0')?.kind).toBe('physical');
    expect(await guest.run(`cat /sys/kernel/irq/${queue?.irq}/actions`)).toMatch(/^virtio\d+-input\.0\n$/);
    expect(`${queue?.irq_cpus}\n`).toBe(
      await guest.run(`cat /proc/irq/${queue?.irq}/effective_affinity_list`),
    );
  });
});

describe('a host where kernel.ftrace_enabled becomes 0', () => {
  const set = (value: 0 | 1) => `sysctl -qw kernel.ftrace_enabled=${value}`;

  it('is not taken for one that can be traced', async () => {
    const check = `${loader} --check || true`;
    const stdout = await guest.run(`${set(0)}; ${loader} --duration 1; ${check}; ${set(1)}`);
    const frames = framesOf(stdout);
    expect(only(frames, 'hello')[0]).toMatchObject({
      backend: 'none',
      backends: [{ code: 'FTRACE_OFF' }, { code: 'FTRACE_OFF' }, { state: 'untried' }],
    });
    const [told] = only(frames, 'check');
    expect(told?.backends.map(({ state }) => state)).toEqual(['untested', 'untested', 'untested']);
    expect(told?.audit).toMatchObject({ state: 'untested', code: 'FTRACE_OFF' });
  });

  it('says that nothing is counted, and takes no device that came meanwhile for another one', async () => {
    // Some take the places of those before in the kernel's memory. One CPU and its mask make their rows alike.
    const { end, printed } = await whileTracing(
      guest,
      `pairs() {
         for i in 1 2 3 4 5 6; do
           ip link add fa$i type veth peer name fb$i netns other
           echo 1 >/sys/class/net/fa$i/queues/rx-0/rps_cpus
           ip addr add 10.9.$i.1/24 dev fa$i; ip -n other addr add 10.9.$i.2/24 dev fb$i
           ip link set fa$i up; ip -n other link set fb$i up
         done
         ip netns exec other sh -c 'echo 1 | tee /sys/class/net/fb*/queues/rx-0/rps_cpus' >/dev/null
       }
       pings() {
         for i in 1 2 3 4 5 6; do ping -q -f -c 50 10.9.$i.2 >/dev/null; done
         for device in /sys/class/net/fa*; do
           echo $(($(stat -L -c %i $device) & 0x1fffffff)) $(cat $device/statistics/rx_packets)
         done
       }
       seen '"type":"audit"'; taskset -p 1 $$ >/dev/null
       ip netns add other; sysctl -qw net.ipv6.conf.default.disable_ipv6=1
       ip netns exec other sysctl -qw net.ipv6.conf.default.disable_ipv6=1
       pairs; pings
       ${set(0)}; told findings tracing-stopped
       for i in 1 2 3 4 5 6; do ip link del fa$i; done; pairs
       ${set(1)}; untold findings tracing-stopped
       pings; ip netns del other; sysctl -qw net.ipv6.conf.default.disable_ipv6=0`,
    );
    const devices = printed.trim().split('\n');
    expect(devices).toHaveLength(12);
    const decided = devices.map((line) => {
      const rows = end.rows.filter((row) => row[9] === Number(line.split(' ')[0]));
      return `${line.split(' ')[0]} ${rows.reduce((sum, row) => sum + row[6], 0)}`;
    });
    expect(decided).toEqual(devices);
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
      `seen '"${interfaces.at(-1)}"'; ${floodFromTwo(500)}; sleep 2`,
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
    const { end } = await whileTracing(guest, floodFromTwo(100));
    expect(decisions(end.rows, LO)).toBe(200);
  });

  it('counts by fexit in lockdown for confidentiality, as long as nothing takes a look at packets', async () => {
    await lock('confidentiality');
    const { frames, end } = await whileTracing(guest, `${floodFromTwo(100)}; seen '"type":"audit"'`);
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
