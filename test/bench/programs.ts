import { nanoseconds, preparePackets, type Variant } from './programTime';
import { Rounds, type Section } from './section';

/** What one variant takes over what another does, and what that is to be at most. */
export interface Ratio<Name extends string> {
  readonly what: string;
  readonly of: Name;
  readonly to: Name;
  readonly goal: number;
}

const ROUNDS = 7;

/** A section that compares what programs take for a decision, in interleaved rounds. */
export function programs<Name extends string>(
  section: string,
  variants: Readonly<Record<Name, Variant>>,
  ratios: readonly Ratio<Name>[],
): Section {
  const names = Object.keys(variants) as Name[];
  return {
    name: section,
    async measure(bench) {
      const guest = await bench.guest();
      const mask = '/sys/class/net/lo/queues/rx-0/rps_cpus';
      await guest.run(`sysctl -qw kernel.bpf_stats_enabled=1; echo f >${mask}`);
      await preparePackets(guest);
      const rounds = new Rounds<Name>();
      await rounds.run(bench, ROUNDS, names, (name) => nanoseconds(guest, name, variants[name]));
      await guest.run(`sysctl -qw kernel.bpf_stats_enabled=0; echo 0 >${mask}; rmmod pktgen`);
      return {
        figures: [
          ...names.map((name) => ({ what: `${name}, a decision`, value: rounds.median(name), unit: 'ns' })),
          ...ratios.map(({ what, of, to, goal }) => ({
            ...{ what, unit: '×', goal },
            value: rounds.median(of) / rounds.median(to),
          })),
        ],
        every: rounds.every,
      };
    },
  };
}
