import { loader } from '../guest/loaderRun';
import { nanoseconds, type Variant } from './programTime';
import { Rounds, type Section } from './section';

const command = `${loader} --backend fexit --interval 1000 </tmp/bench/stdin`;
/** Four masks for the queue of the loopback device. */
const setFour = `
  queue=$(readlink /proc/self/ns/net | tr -dc 0-9):1:0
  echo "shadow 1 $queue=0-3 ; 2 $queue=0-1 ; 3 $queue=2-3 ; 4 $queue=1-3" >&3
  until grep -q '"type":"shadow"' /tmp/bench/out; do sleep 0.1; done`;

const variants = {
  'no candidate': { command },
  'four candidates': { command, then: setFour },
  'no candidate, RFS': { command, rfs: true },
  'four candidates, RFS': { command, rfs: true, then: setFour },
} as const satisfies Record<string, Variant>;
type Name = keyof typeof variants;

const ROUNDS = 7;

/** What it costs the kernel to evaluate candidate masks beside counting. */
export const predicting: Section = {
  name: 'predicting',
  async measure(bench) {
    const guest = await bench.guest();
    await guest.run('sysctl -qw kernel.bpf_stats_enabled=1; echo f >/sys/class/net/lo/queues/rx-0/rps_cpus');
    const rounds = new Rounds<Name>();
    const names = Object.keys(variants) as Name[];
    await rounds.run(bench, ROUNDS, names, (name) => nanoseconds(guest, name, variants[name]));
    await guest.run('sysctl -qw kernel.bpf_stats_enabled=0; echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus');
    const ratio = (what: string, of: Name, to: Name) => ({
      ...{ what, unit: '×', goal: 2.5 },
      value: rounds.median(of) / rounds.median(to),
    });
    return {
      figures: [
        ...names.map((name) => ({ what: `${name}, a decision`, value: rounds.median(name), unit: 'ns' })),
        ratio('four candidates against none', 'four candidates', 'no candidate'),
        ratio('the same with RFS on', 'four candidates, RFS', 'no candidate, RFS'),
      ],
      every: rounds.every,
    };
  },
};
