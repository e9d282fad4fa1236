import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import type { Finding } from '../../shared/frames/frames';
import { bootForTests } from './bootForTests';
import { about, Doctor } from './findings';
import type { Guest } from './guest';
import { bootWithLoader, framesOf, loader, only } from './loaderRun';

/** A network card with several receive queues: QEMU's vmxnet3 has them whatever is behind it. */
const card = ['-netdev', 'user,id=more,restrict=on', '-device', 'vmxnet3,netdev=more'];

let guest: Guest;
let doctor: Doctor;

const boot = () => bootWithLoader({ hardware: card });
bootForTests(boot, async (booted) => {
  guest = booted;
  await guest.run('cat >/tmp/doctorTraffic.sh', {
    input: await readFile(join(import.meta.dirname, 'doctorTraffic.sh')),
  });
  await guest.run('cat >/tmp/dropAll.o', { input: await dropAll() });
  await guest.run(`. /tmp/doctorTraffic.sh; cable; steer lo 0; modprobe vmxnet3
    echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control`);
  doctor = await Doctor.start(guest);
});

/** The XDP program, compiled. */
async function dropAll(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-xdp-'));
  try {
    const [source, object] = [join(import.meta.dirname, 'dropAll.bpf.c'), join(folder, 'dropAll.o')];
    const includes = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
    await run('clang', ['-O2', '-g', '-target', 'bpf', includes, '-c', source, '-o', object]);
    return await readFile(object);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the doctor of a host without RPS', () => {
  it('says that RPS is off, with the command that turns it on', async () => {
    const off = about(await doctor.finds('rps-off'), 'rps-off');
    expect(off.severity).toBe('info');
    expect(off.remedy).toBe('Give the busiest interface a mask.');
    expect(off.command).toBe('echo f | sudo tee /sys/class/net/eth0/queues/rx-*/rps_cpus');
  });

  it('names the busiest interface there is', async () => {
    const told = async () => {
      const { command, values } = about(await doctor.finds('rps-off'), 'rps-off');
      return [values.devices, /net\/(\w+)/.exec(command ?? '')?.[1]];
    };
    await doctor.after('ip link set eth1 up');
    await expect.poll(told, { timeout: 60_000, interval: 500 }).toEqual([4, 'eth0']);
    await doctor.after(`received() { cat /sys/class/net/$1/statistics/rx_packets; }
      until [ $(received eth1) -gt $(received eth0) ]; do ping -q -f -c 500 -I eth1 10.0.2.2 >/dev/null; done`);
    await expect.poll(told, { timeout: 60_000, interval: 500 }).toEqual([4, 'eth1']);
    await doctor.after('ip link set eth1 down');
  });

  it('warns of it when one CPU does all the work', async () => {
    await doctor.after('send 0 50 100000');
    const findings = await doctor.finds('rps-off');
    await expect
      .poll(() => doctor.findings(), { timeout: 60_000, interval: 500 })
      .toMatchObject([{ id: 'rps-off', severity: 'warning', values: { busiest: 0 } }]);
    expect(findings).toHaveLength(1);
  });
});

describe('the doctor of a host that is well', () => {
  beforeAll(() => doctor.after('well'));
  // So that no case is about what another has left.
  afterEach(() => doctor.after('well'));

  it('finds nothing wrong with masks on one node that spread many flows', async () => {
    await doctor.after('send 0 200 800000');
    await doctor.findsNothing();
  });

  it('tells masks that cannot do what they are meant to do', async () => {
    await doctor.after(`steer d0 2
      ip link add q0 numrxqueues 2 numtxqueues 2 type veth peer name q1
      ip link add b0 type bond; ip link set q1 master b0
      ip link add link d1 name d1.5 type vlan id 5
      ip link set q0 up; ip link set b0 up
      echo 3 >/sys/class/net/q0/queues/rx-0/rps_cpus; echo 3 >/sys/class/net/b0/queues/rx-0/rps_cpus; steer d1.5 3
      steer d1 f; echo 0 >/sys/devices/system/cpu/cpu2/online
      sysctl -qw net.core.rps_sock_flow_entries=1024; echo 64 >/sys/class/net/d1.5/queues/rx-0/rps_flow_cnt
      mkdir /sys/fs/cgroup/apart
      echo 3 >/sys/fs/cgroup/apart/cpuset.cpus; echo isolated >/sys/fs/cgroup/apart/cpuset.cpus.partition`);
    const findings = await doctor.finds(
      ...['mask-one-cpu', 'mask-offline', 'mask-isolated', 'mask-no-effect', 'queue-off', 'rfs-incomplete'],
    );
    expect(about(findings, 'mask-one-cpu', 'd0')).toMatchObject({
      severity: 'warning',
      values: { cpus: '1' },
    });
    expect(about(findings, 'mask-offline', 'd1')).toMatchObject({
      severity: 'warning',
      values: { cpus: '2' },
    });
    expect(about(findings, 'mask-offline', 'd1').command).toContain(
      'echo b | sudo tee /sys/class/net/d1/queues',
    );
    expect(about(findings, 'mask-isolated', 'd1')).toMatchObject({
      severity: 'warning',
      values: { cpus: '3' },
    });
    expect(about(findings, 'mask-no-effect', 'b0')).toMatchObject({
      severity: 'warning',
      values: { kind: 'bond', lower: 'q1' },
    });
    expect(about(findings, 'mask-no-effect', 'd1.5')).toMatchObject({
      severity: 'info',
      values: { kind: 'vlan', lower: 'd1' },
    });
    expect(about(findings, 'queue-off', 'q0')).toMatchObject({ queue: 1, values: { off: 1, queues: 2 } });
    expect(about(findings, 'rfs-incomplete').values.entries).toBe(1024);
  });

  it('gives commands that can be pasted, for devices of other namespaces too', async () => {
    const inside = (netns: string, script: string) =>
      `nsenter --net="${netns}" unshare --mount sh -c 'mount -t sysfs sysfs /sys; cd /sys/class/net/lo/queues/rx-0; ${script}'`;
    const [process = ''] = (
      await guest.run('unshare --net sleep 600 >/dev/null 2>&1 </dev/null & echo $!')
    ).split('\n');
    const places = ['/run/netns/blue sky', `/proc/${process}/ns/net`, "/tmp/it's"];
    await guest.run(`ip netns add 'blue sky'; touch "/tmp/it's"; unshare --net="/tmp/it's" true
      until [ "$(readlink /proc/${process}/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
      ${places.map((place) => inside(place, 'echo 2 >rps_cpus')).join('\n')}`);
    try {
      const ofAll = (findings: readonly Finding[]) =>
        findings.filter(({ id, values }) => id === 'mask-one-cpu' && values.namespace !== undefined);
      // While a shell of this test is inside, the namespace at /tmp/it's is named after that process.
      const names = ["/tmp/it's", 'blue sky', `pid ${process}`];
      await expect
        .poll(
          async () =>
            ofAll((await doctor.findings()) ?? [])
              .map(({ values }) => String(values.namespace))
              .sort(),
          { timeout: 60_000, interval: 500 },
        )
        .toEqual(names);
      const commands = ofAll((await doctor.findings()) ?? []).map(({ command }) => command);
      await guest.run(commands.join('\n'));
      const masks = await guest.run(places.map((place) => inside(place, 'cat rps_cpus')).join('\n'));
      expect(masks).toBe('f\n'.repeat(places.length));
    } finally {
      await guest.run(`kill ${process}; ip netns del 'blue sky'; umount "/tmp/it's"`);
    }
  });

  it('has nothing more to say when they are mended', async () => {
    await doctor.findsNothing();
  });

  it('tells one big flow from many', async () => {
    // What arrives at d1 is passed up to d1.up, whose program keeps nothing from RPS: that is done with by then.
    await doctor.after(`ip link add link d1 name d1.up type macvlan mode passthru
      ip link set d1.up up; ip link set d1.up xdpgeneric obj /tmp/dropAll.o sec xdp
      steer d1 f; send 0 1 50000
      ${loader} --duration 10 </dev/null >/tmp/all 2>&1 &
      ${loader} --filter 'udp port 9' --duration 10 </dev/null >/tmp/filtered 2>&1 &`);
    const flow = about(await doctor.finds('dominant-flow'), 'dominant-flow', 'd1');
    expect(flow).toMatchObject({ queue: 0, values: { cpus: 4 } });
    expect(flow.values.percent).toBeGreaterThan(90);
    expect(flow.evidence).toContain(`packets/s go to CPU ${flow.cpu}.`);
    const lastOf = async (file: string) => {
      const stdout = await guest.run(`until grep -q '"type":"end"' ${file}; do sleep 0.1; done; cat ${file}`);
      expect(only(framesOf(stdout), 'end')[0]?.rows.length).toBeGreaterThan(0);
      return only(framesOf(stdout), 'findings')
        .at(-1)
        ?.findings.map(({ id }) => id);
    };
    const all = await lastOf('/tmp/all');
    expect(all).toContain('dominant-flow');
    expect(all).not.toContain('xdp-bypass');
    // Of packets that a filter chose, nothing follows for the others. Drops are none that were chosen.
    expect((await lastOf('/tmp/filtered'))?.filter((id) => id !== 'backlog-drops')).toEqual([]);
  });

  it('sees packets cross nodes that need not, and packets with numbers of queues that their device lacks', async () => {
    await doctor.after('ethtool -L d0 tx 4; steer d1 f; send 3 50 125000 3');
    const missing = about(await doctor.finds('queue-missing'), 'queue-missing', 'd1');
    expect(missing).toMatchObject({ severity: 'warning', values: { missing: '1-2', queues: 1, lower: '' } });
    expect(missing.values.packets).toBeGreaterThanOrEqual(1000);
    // At first, what came in from elsewhere is not yet forgotten.
    const crossing = async () => (await doctor.findings())?.find(({ id }) => id === 'mask-crosses-nodes');
    await expect
      .poll(crossing, { timeout: 60_000, interval: 500 })
      .toMatchObject({ severity: 'warning', values: { device: 'd1', node: -1, home: 1 } });
    await doctor.after(`ethtool -L d1 rx 3; ${(await crossing())?.command}`);
    expect(await guest.run('cat /sys/class/net/d1/queues/rx-*/rps_cpus')).toBe('c\nc\nc\n');
    await doctor.findsNothing();
  });

  it('sees that a mask has the saturated CPU that takes the packets in', async () => {
    await doctor.after('steer d1 3; send 0 50 0');
    const intake = about(await doctor.finds('mask-has-irq-cpu'), 'mask-has-irq-cpu', 'd1');
    expect(intake).toMatchObject({ severity: 'warning', queue: 0, cpu: 0 });
    expect(intake.command).toBe('echo e | sudo tee /sys/class/net/d1/queues/rx-0/rps_cpus');
  });

  it('names the CPU that drops packets, and the one that sends them', async () => {
    await doctor.after('sysctl -qw net.core.netdev_max_backlog=1; steer d1 4; send 0 1 0');
    // Drops of another CPU, from before, may still be told.
    const drops = async () =>
      (await doctor.findings())?.find(({ id, cpu }) => id === 'backlog-drops' && cpu === 2);
    await expect
      .poll(drops, { timeout: 60_000, interval: 500 })
      .toMatchObject({ severity: 'error', values: { backlog: 1, from: 0, through: 'd1' } });
    expect((await drops())?.command).toBe('sudo sysctl net.core.netdev_max_backlog=1000');
    const crossing = about(await doctor.finds('mask-crosses-nodes'), 'mask-crosses-nodes', 'd1');
    expect(crossing).toMatchObject({ severity: 'warning', values: { node: -1, home: 0 } });
    expect(crossing.command).toBe('echo 3 | sudo tee /sys/class/net/d1/queues/rx-*/rps_cpus');
    expect(crossing.values.percent).toBeGreaterThan(25);
  });

  it('sees when more sockets are in use than the flow table has entries', async () => {
    await doctor.after(`sysctl -qw net.core.rps_sock_flow_entries=8
      echo 8 >/sys/class/net/d1/queues/rx-0/rps_flow_cnt
      iperf3 -s -D -p 5999; iperf3 -c 127.0.0.1 -p 5999 -P 16 -b 1k -t 60 >/tmp/iperf 2>&1 &`);
    const small = about(await doctor.finds('flow-table-small'), 'flow-table-small');
    expect(small.values.entries).toBe(8);
    expect(small.values.flows).toBeGreaterThan(16);
  });

  it('sees that an XDP program keeps packets from RPS', async () => {
    await doctor.after('ip link set d1 xdpdrv obj /tmp/dropAll.o sec xdp; send 0 50 50000');
    const bypass = about(await doctor.finds('xdp-bypass'), 'xdp-bypass', 'd1');
    expect(bypass).toMatchObject({ severity: 'info', values: { decided: 0 } });
    expect(bypass.values.packets).toBeGreaterThan(1000);
  });

  it('sees that RPS does again what the hardware does already', async () => {
    await doctor.after('ip link set eth1 up; steer eth1 f; spread eth1');
    const redundant = about(await doctor.finds('rps-redundant'), 'rps-redundant', 'eth1');
    expect(redundant).toMatchObject({ severity: 'info', values: { queues: 4, cpus: 4 } });
  });

  it('finds nothing in the end, when all is well again', async () => {
    await doctor.findsNothing();
  });

  it('says the same in a terminal', async () => {
    await doctor.after('steer d0 2');
    const report = await guest.run(`${loader} --check --format table`);
    expect(report).toMatch(/^fexit +works\nkprobe +works\nkretprobe +works\naudit +works\n\n/);
    expect(report).toContain('\nwarning: The mask of d0 is a single CPU\n');
    const [told] = only(framesOf(await guest.run(`${loader} --check --format ndjson`)), 'findings');
    expect(told?.findings.map(({ id }) => id)).toEqual(['mask-one-cpu']);
  });

  it('asks for no more CPUs where all others are isolated', async () => {
    await doctor.after(`for device in d0 d1 eth0 eth1; do steer $device 1; done; mkdir /sys/fs/cgroup/apart
      echo 1-3 >/sys/fs/cgroup/apart/cpuset.cpus; echo isolated >/sys/fs/cgroup/apart/cpuset.cpus.partition`);
    const [found] = only(framesOf(await guest.run(`${loader} --check --format ndjson`)), 'findings');
    expect(found?.findings).toEqual([]);
  });
});
