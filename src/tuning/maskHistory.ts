import { z } from 'zod';
import { sameMask } from '../../shared/masks/sameMask';
import { list } from '../../shared/bounded';
import type { Device } from '../../shared/frames/host';
import { MAX_KEPT_WRITES, MOST_WRITES } from '../../shared/limits';
import type { GuardedWrite, HistoryEntry, HistoryWrite, PlannedWrite } from '../../shared/messages/tuning';
import { planWayBack } from './plan';

/** Where it is kept, for every window: a Memento of VS Code. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'rpsTrace.maskHistory';
/** Entries of one host, and hosts, that are kept; the oldest go first. */
const ENTRIES = 50;
const HOSTS = 32;

/** From the end of a guard's time until everybody has seen what it did, milliseconds. */
const SETTLED_MS = 5000;

const entry = z.object({
  id: z.string(),
  time: z.number(),
  until: z.number(),
  outcome: z.enum(['open', 'confirmed', 'reverted', 'failed', 'unknown']),
  reverts: z.string().optional(),
  writes: z
    .array(
      z.object({
        netns: z.number(),
        instance: z.number().optional(),
        netnsName: z.string().optional(),
        name: z.string(),
        queue: z.number(),
        before: z.string(),
        after: z.string(),
      }),
    )
    .max(MOST_WRITES),
});
/** An entry that may have come from there, or is to go there. */
type Storable = HistoryEntry | z.output<typeof entry>;

const stored = list(z.object({ host: z.string(), entries: list(entry, ENTRIES) }), HOSTS);

/** Leaves out the oldest entries of all hosts until few enough writes remain; the newest one of the first host stays. */
function withinLimits<T extends { readonly time: number; readonly writes: readonly unknown[] }>(
  hosts: readonly { readonly host: string; readonly entries: readonly T[] }[],
) {
  const newest = hosts.flatMap(({ entries }) => entries).toSorted((a, b) => b.time - a.time);
  const kept = new Set(hosts[0]?.entries.slice(0, 1));
  let writes = 0;
  for (const one of newest) {
    writes += one.writes.length;
    if (writes > MAX_KEPT_WRITES) break;
    kept.add(one);
  }
  return hosts.map(({ host, entries }) => ({ host, entries: entries.filter((one) => kept.has(one)) }));
}

/** What was applied on each host from this machine. Entries of windows that are gone are judged by the masks. */
export class MaskHistory {
  constructor(private readonly memory: Memory) {}

  /** The newest first. */
  of(host: string): readonly HistoryEntry[] {
    return (this.#all().find((one) => one.host === host)?.entries ?? []).map((each) => ({
      ...each,
      reverts: each.reverts,
      writes: each.writes.map((write) => ({ ...write, netnsName: write.netnsName })),
    }));
  }

  /** Notes that masks are about to be written. */
  async begin(host: string, added: HistoryEntry): Promise<void> {
    await this.#change(host, (entries) => [added, ...entries].slice(0, ENTRIES));
  }

  /** Notes how that stands; `written` is what the guard has said of it when it was written, or empty. */
  async note(
    host: string,
    id: string,
    outcome: HistoryEntry['outcome'],
    written: readonly GuardedWrite[],
  ): Promise<void> {
    await this.#change(host, (entries) =>
      entries.map((each) =>
        each.id === id
          ? { ...each, outcome, writes: written.length > 0 ? written.map(keptWrite) : each.writes }
          : each,
      ),
    );
  }

  /**
   * When the next entry that was left open can be judged, milliseconds since 1970; Infinity when there is none.
   * @param live the entry that is under way in this window
   */
  due(host: string, live: string | undefined): number {
    const open = this.of(host).filter(({ id, outcome }) => outcome === 'open' && id !== live);
    return Math.min(...open.map(({ until }) => until + SETTLED_MS));
  }

  /**
   * Judges the entries that are due by the masks that are there now: the guard has taken back what it must.
   * @param now milliseconds since 1970
   */
  async settle(
    host: string,
    devices: readonly Device[],
    now: number,
    live: string | undefined,
  ): Promise<void> {
    const isDue = ({ id, outcome, until }: HistoryEntry) =>
      outcome === 'open' && id !== live && until + SETTLED_MS <= now;
    await this.#change(host, (entries) =>
      entries.map((each) => (isDue(each) ? { ...each, outcome: judge(each.writes, devices) } : each)),
    );
  }

  async #change(
    host: string,
    change: (entries: readonly HistoryEntry[]) => readonly HistoryEntry[],
  ): Promise<void> {
    const changed = { host, entries: change(this.of(host)) };
    const others = this.#all().filter((one) => one.host !== host);
    await this.memory.update(KEY, withinLimits<Storable>([changed, ...others].slice(0, HOSTS)));
  }

  // What is stored may be anything: an older version's, or nothing.
  #all(): z.output<typeof stored> {
    return stored.safeParse(this.memory.get(KEY)).data ?? [];
  }
}

/** A planned write as the history keeps it. */
export const plannedWrite = ({
  netns,
  instance,
  netnsName,
  name,
  queue,
  before,
  kept,
}: PlannedWrite): HistoryWrite => ({
  ...{ netns, instance, netnsName, name, queue, before },
  after: kept,
});

const keptWrite = (write: GuardedWrite): HistoryWrite => ({ ...plannedWrite(write), after: write.now });

function judge(writes: readonly HistoryWrite[], devices: readonly Device[]): HistoryEntry['outcome'] {
  const left = planWayBack(writes, { devices, cpus: [] });
  const changed = writes.filter(({ before, after }) => !sameMask(before, after)).length;
  if (left.gone.length > 0) return 'unknown';
  if (left.writes.length === 0) return 'reverted';
  const isKept =
    left.writes.length === changed && left.writes.every(({ conflict }) => conflict === undefined);
  return isKept ? 'confirmed' : 'unknown';
}
