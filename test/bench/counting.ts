import { z } from 'zod';
import type { Guest } from '../guest/guest';
import { loader } from '../guest/loaderRun';
import { Rounds, type Section } from './section';

/** Something that is attached to the kernel while packets flow. */
interface Variant {
  /** Runs until it is interrupted. */
  readonly command: string;
  readonly rfs?: boolean;
}

const bpftrace = (program: string) => `bpftrace -e '${program}'`;
const rpstrace = (backend: string) => `${loader} --backend ${backend} --interval 1000 </tmp/bench/stdin`;

const variants = {
  'empty fexit': { command: bpftrace('kretfunc:vmlinux:get_rps_cpu { }') },
  fexit: { command: rpstrace('fexit') },
  'bpftrace count()': {
    command: bpftrace('kretfunc:vmlinux:get_rps_cpu { @[args.dev->ifindex, cpu, retval] = count(); }'),
  },
  kprobe: { command: rpstrace('kprobe') },
  kretprobe: { command: rpstrace('kretprobe') },
  'empty fexit, RFS': { command: bpftrace('kretfunc:vmlinux:get_rps_cpu { }'), rfs: true },
  'fexit, RFS': { command: rpstrace('fexit'), rfs: true },
} as const satisfies Record<string, Variant>;
type Name = keyof typeof variants;

const ROUNDS = 7;

/** What counting costs the kernel, against an empty program and against bpftrace counting the same. */
export const counting: Section = {
  name: 'counting',
  async measure(bench) {
    const guest = await bench.guest();
    await guest.run('sysctl -qw kernel.bpf_stats_enabled=1; echo f >/sys/class/net/lo/queues/rx-0/rps_cpus');
    const rounds = new Rounds<Name>();
    const names = Object.keys(variants) as Name[];
    await rounds.run(bench, ROUNDS, names, (name) => nanoseconds(guest, name, variants[name]));
    await guest.run('sysctl -qw kernel.bpf_stats_enabled=0; echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus');
    const ratio = (what: string, of: Name, to: Name, goal: number) => ({
      ...{ what, unit: '×', goal },
      value: rounds.median(of) / rounds.median(to),
    });
    return {
      figures: [
        ...names.map((name) => ({ what: `${name}, a decision`, value: rounds.median(name), unit: 'ns' })),
        ratio('fexit against an empty fexit program', 'fexit', 'empty fexit', 1.5),
        ratio('the same with RFS on', 'fexit, RFS', 'empty fexit, RFS', 3),
        ratio('fexit against bpftrace', 'fexit', 'bpftrace count()', 0.3),
        ratio('kprobe against kprobe + kretprobe', 'kprobe', 'kretprobe', 0.5),
      ],
      every: rounds.every,
    };
  },
};

const programs = z.array(
  z.object({ type: z.string(), run_time_ns: z.number().optional(), run_cnt: z.number().optional() }),
);

/** Pings of the loopback while something is measured: two decisions each. */
const PINGS = 5000;

/**
 * Nanoseconds that the programs of a variant take for one decision, by the kernel's own account (bpf_stats): their
 * bodies and one reading of the clock, without the way into them.
 */
async function nanoseconds(guest: Guest, name: string, variant: Variant): Promise<number> {
  const rfs = variant.rfs === true ? 32768 : 0;
  const stdout = await guest.run(
    `cd /tmp/bench; exec 3<>stdin # it never ends
     echo ${rfs} >/proc/sys/net/core/rps_sock_flow_entries
     echo ${rfs} >/sys/class/net/lo/queues/rx-0/rps_flow_cnt
     running() { bpftool prog show | grep -cE '^[0-9]+: (tracing|kprobe) '; }
     ${variant.command} >/tmp/bench/out 2>&1 & attached=$!
     until [ $(running) -gt 0 ] || [ $((tries++)) -gt 100 ]; do sleep 0.2; done
     sleep 2
     ping -q -f -c ${PINGS} 127.0.0.1 >/dev/null
     bpftool prog show -j
     kill -INT $attached; wait $attached
     until [ $(running) = 0 ]; do sleep 0.2; done
     echo 0 >/proc/sys/net/core/rps_sock_flow_entries
     echo 0 >/sys/class/net/lo/queues/rx-0/rps_flow_cnt`,
    { timeout: 120 },
  );
  const ran = programs
    .parse(JSON.parse(stdout))
    .filter(({ type, run_cnt = 0 }) => /^(tracing|kprobe)$/.test(type) && run_cnt > 0);
  if (ran.length === 0) throw new Error(`${name} did not run: ${stdout}`);
  const ns = ran.reduce((sum, { run_time_ns = 0 }) => sum + run_time_ns, 0);
  const runs = Math.max(...ran.map(({ run_cnt = 0 }) => run_cnt));
  return ns / runs;
}
