import { loader } from '../guest/loaderRun';
import { nanoseconds, type Variant } from './programTime';
import { Rounds, type Section } from './section';

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
