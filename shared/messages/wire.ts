import type { RowKey, Softnet, SoftnetCounts, SoftnetCpu, ToPanel } from './panel';
import { verdicts } from '../frames/rows';

/**
 * What identifies rows as columns of numbers, in one array. VS Code brings a message to a webview as JSON, twice, and the
 * browser copies what comes of it: 65,536 objects take a second and more, the same numbers in an array nearly nothing.
 */
export interface KeyColumns {
  readonly columns: Float64Array;
}

/** Numbers of which many follow each other, as pairs: where a run of them begins, and how long it is. */
export interface Runs {
  readonly runs: Uint32Array<ArrayBuffer>;
}

/** A reading of softnet_stat as columns of numbers: NaN where one is not known. */
export interface SoftnetColumns {
  readonly at: number;
  readonly columns: Float64Array;
}

type Packed<Message> = Message extends { readonly keys: unknown }
  ? Omit<Message, 'keys'> & { readonly keys: KeyColumns }
  : Message extends { readonly added: unknown }
    ? Omit<Message, 'added' | 'index'> & { readonly added: KeyColumns; readonly index: Runs }
    : Message extends { readonly type: 'softnet' }
      ? { readonly type: 'softnet'; readonly softnet: SoftnetColumns }
      : Message;

/** A message to a panel as it is on its way. */
export type WireToPanel = Packed<ToPanel>;

/** Numbers of a row's key. */
const PARTS = 7;
/** In the order in which they are on their way. */
const softnetCounts = ['processed', 'dropped', 'squeezed', 'ipis', 'flowLimit'] as const;
const COUNTS = softnetCounts.length;
/** Numbers of a CPU in a reading of softnet_stat: itself, its backlog, its totals, its rates. */
const SOFTNET_PARTS = 2 + 2 * COUNTS;

/** Makes a message ready for its way to a webview. */
export function toWire(message: ToPanel): WireToPanel {
  if (message.type === 'snapshot') return { ...message, keys: pack(message.keys) };
  if (message.type === 'sample') {
    return { ...message, added: pack(message.added), index: runsOf(message.index) };
  }
  if (message.type === 'softnet') return { ...message, softnet: packSoftnet(message.softnet) };
  return message;
}

/** What `toWire` was given, to be read only: samples of the same rows share what names them. */
export function fromWire(message: WireToPanel): ToPanel {
  if (message.type === 'snapshot') return { ...message, keys: unpack(message.keys) };
  if (message.type === 'sample') {
    return { ...message, added: unpack(message.added), index: numbersOf(message.index) };
  }
  if (message.type === 'softnet') return { ...message, softnet: unpackSoftnet(message.softnet) };
  return message;
}

function pack(keys: readonly RowKey[]): KeyColumns {
  const columns = new Float64Array(keys.length * PARTS);
  for (const [row, { netns, ifindex, instance, queue, cpu, target, verdict }] of keys.entries()) {
    columns.set([netns, ifindex, instance, queue, cpu, target, verdicts.indexOf(verdict)], row * PARTS);
  }
  return { columns };
}

function unpack({ columns }: KeyColumns): RowKey[] {
  return Array.from({ length: columns.length / PARTS }, (_, row) => {
    const part = (number: number) => columns[row * PARTS + number] ?? 0;
    const verdict = verdicts[part(6)] ?? 'none';
    return {
      ...{ netns: part(0), ifindex: part(1), instance: part(2) },
      ...{ queue: part(3), cpu: part(4), target: part(5), verdict },
    };
  });
}

function packSoftnet({ at, cpus }: Softnet): SoftnetColumns {
  const columns = new Float64Array(cpus.length * SOFTNET_PARTS);
  for (const [place, { cpu, backlog, totals, rates }] of cpus.entries()) {
    const counts = [totals, rates].flatMap((all) => softnetCounts.map((name) => all?.[name] ?? NaN));
    columns.set([cpu, backlog ?? NaN, ...counts], place * SOFTNET_PARTS);
  }
  return { at, columns };
}

/** Read when it is asked for: most readings are followed by another before anybody has looked at them. */
function unpackSoftnet({ at, columns }: SoftnetColumns): Softnet {
  let cpus: readonly SoftnetCpu[] | undefined;
  return {
    at,
    get cpus() {
      return (cpus ??= softnetCpus(columns));
    },
  };
}

function softnetCpus(columns: Float64Array): SoftnetCpu[] {
  return Array.from({ length: columns.length / SOFTNET_PARTS }, (_, place): SoftnetCpu => {
    const first = place * SOFTNET_PARTS;
    const backlog = columns[first + 1] ?? NaN;
    const rates = countsFrom(columns, first + 2 + COUNTS);
    return {
      cpu: columns[first] ?? 0,
      totals: countsFrom(columns, first + 2),
      rates: Number.isNaN(rates.processed) ? undefined : rates,
      backlog: Number.isNaN(backlog) ? undefined : backlog,
    };
  });
}

function countsFrom(columns: Float64Array, first: number): SoftnetCounts {
  return {
    processed: columns[first] ?? 0,
    dropped: columns[first + 1] ?? 0,
    squeezed: columns[first + 2] ?? 0,
    ipis: columns[first + 3] ?? 0,
    flowLimit: columns[first + 4] ?? 0,
  };
}

function runsOf(numbers: Uint32Array): Runs {
  const runs: number[] = [];
  for (let from = 0, to = 1; from < numbers.length; from = to++) {
    const first = numbers[from] ?? 0;
    while (to < numbers.length && numbers[to] === first + to - from) to++;
    runs.push(first, to - from);
  }
  return { runs: Uint32Array.from(runs) };
}

/** What the last runs stood for: on a busy host they are those of the sample before, and a quarter of a megabyte. */
let last = { runs: new Uint32Array(), numbers: new Uint32Array() };

function numbersOf({ runs }: Runs): Uint32Array {
  const known = runs.length === last.runs.length && runs.every((part, place) => part === last.runs[place]);
  if (!known) last = { runs, numbers: numbersIn(runs) };
  return last.numbers;
}

function numbersIn(runs: Uint32Array): Uint32Array<ArrayBuffer> {
  let count = 0;
  for (let run = 1; run < runs.length; run += 2) count += runs[run] ?? 0;
  const numbers = new Uint32Array(count);
  for (let run = 0, at = 0; run < runs.length; run += 2) {
    const first = runs[run] ?? 0;
    for (let next = 0; next < (runs[run + 1] ?? 0); next++) numbers[at++] = first + next;
  }
  return numbers;
}
