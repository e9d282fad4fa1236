import type { Guest } from '../guest/guest';
import { nanoseconds, preparePackets, type Variant } from './programTime';
import { Rounds, type Bench, type Measured, type Section } from './section';

/** What one variant takes over what another does, and what that is to be at most. */
export interface Ratio<Name extends string> {
  readonly what: string;
  readonly of: Name;
  readonly to: Name;
  /** What both do on top of: it is taken away from them. */
  readonly above?: Name;
  readonly goal?: number;
}

/** A comparison of what programs take for a decision, in interleaved rounds. */
export class Comparison<Name extends string> {
  constructor(
    private readonly variants: Readonly<Record<Name, Variant>>,
    private readonly ratios: readonly Ratio<Name>[],
  ) {}

  /** Seven rounds by the guest's clock, against the goals. */
  section(name: string): Section {
    return {
      name,
      measure: async (bench) => {
        const rounds = await this.run(await bench.guest(), bench, 7);
        const ratios = this.ratios.map(({ what, of, to, above, goal }) => {
          const floor = above ? rounds.median(above) : 0;
          const value = (rounds.median(of) - floor) / (rounds.median(to) - floor);
          return { ...{ what, value, unit: '×' }, ...(goal === undefined ? {} : { goal }) };
        });
        return { figures: [...this.figures(rounds, 'ns'), ...ratios], every: rounds.every };
      },
    };
  }

  /** One round in a guest whose clock counts instructions. */
  async instructions(guest: Guest, bench: Bench): Promise<Measured> {
    return { figures: this.figures(await this.run(guest, bench, 1), 'instructions') };
  }

  private get names(): readonly Name[] {
    return Object.keys(this.variants) as Name[];
  }

  private figures(rounds: Rounds<Name>, unit: string) {
    return this.names.map((name) => ({ what: `${name}, a decision`, value: rounds.median(name), unit }));
  }

  private async run(guest: Guest, bench: Bench, count: number): Promise<Rounds<Name>> {
    const mask = '/sys/class/net/lo/queues/rx-0/rps_cpus';
    // All to one other CPU: more of them at work would wait for the machine's, and such waiting is in the kernel's account.
    await guest.run(`sysctl -qw kernel.bpf_stats_enabled=1; echo 2 >${mask}`);
    await preparePackets(guest);
    const rounds = new Rounds<Name>();
    await rounds.run(bench, count, this.names, (name) => nanoseconds(guest, name, this.variants[name]));
    await guest.run(`sysctl -qw kernel.bpf_stats_enabled=0; echo 0 >${mask}; rmmod pktgen`);
    return rounds;
  }
}
