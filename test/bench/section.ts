import type { Guest } from '../guest/guest';

/** One line of the table that `npm run bench` prints. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What `value` is to be at most; absent where it only explains another figure. */
  readonly goal?: number;
}

export interface Measured {
  readonly figures: readonly Figure[];
  /** Each single measurement by what was measured, where a figure is a median of them. */
  readonly every?: Readonly<Record<string, readonly number[]>>;
}

/** What sections share. */
export interface Bench {
  /** The guest with 4 CPUs on Linux 6.12 and the loader in it, booted by the first section that asks. */
  guest(): Promise<Guest>;
  /** Tells a person what is going on. */
  say(text: string): void;
}

/** A part of the bench, to be run by itself as `npm run bench NAME`. */
export interface Section {
  readonly name: string;
  /** Leaves nothing running. Throws when it cannot measure. */
  measure(bench: Bench): Promise<Measured>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The value that `percent` % of all are at most. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN;
}

/** Measurements of several things in interleaved rounds, so that a change of the machine's pace hits all of them. */
export class Rounds<Name extends string> {
  private readonly values = new Map<Name, number[]>();

  async run(
    bench: Bench,
    count: number,
    names: readonly Name[],
    measure: (name: Name) => Promise<number>,
  ): Promise<void> {
    for (let round = 1; round <= count; round++) {
      bench.say(`round ${round} of ${count}`);
      for (const name of names) this.values.set(name, [...this.of(name), await measure(name)]);
    }
  }

  median(name: Name): number {
    return median(this.of(name));
  }

  get every(): Record<string, readonly number[]> {
    return Object.fromEntries(this.values);
  }

  private of(name: Name): readonly number[] {
    return this.values.get(name) ?? [];
  }
}
