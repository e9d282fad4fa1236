import type { RowKey, ToPanel } from './panel';
import { verdicts } from './rows';

/**
 * What identifies rows as columns of numbers, in one array. VS Code brings a message to a webview as JSON, twice, and the
 * browser copies what comes of it: 65,536 objects take a second and more, the same numbers in an array nearly nothing.
 */
export interface KeyColumns {
  readonly columns: Float64Array;
}

/** Numbers of which many follow each other, as pairs: where a run of them begins, and how long it is. */
export interface Runs {
  readonly runs: Uint32Array;
}

type Packed<Message> = Message extends { readonly keys: unknown }
  ? Omit<Message, 'keys'> & { readonly keys: KeyColumns }
  : Message extends { readonly added: unknown }
    ? Omit<Message, 'added' | 'index'> & { readonly added: KeyColumns; readonly index: Runs }
    : Message;

/** A message to a panel as it is on its way. */
export type WireToPanel = Packed<ToPanel>;

/** Numbers of a row's key. */
const PARTS = 7;

/** Makes a message ready for its way to a webview. */
export function toWire(message: ToPanel): WireToPanel {
  if (message.type === 'snapshot') return { ...message, keys: pack(message.keys) };
  if (message.type === 'sample') {
    return { ...message, added: pack(message.added), index: runsOf(message.index) };
  }
  return message;
}

/** What `toWire` was given. */
export function fromWire(message: WireToPanel): ToPanel {
  if (message.type === 'snapshot') return { ...message, keys: unpack(message.keys) };
  if (message.type === 'sample') {
    return { ...message, added: unpack(message.added), index: numbersOf(message.index) };
  }
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

function runsOf(numbers: Uint32Array): Runs {
  const runs: number[] = [];
  for (let from = 0, to = 1; from < numbers.length; from = to++) {
    const first = numbers[from] ?? 0;
    while (to < numbers.length && numbers[to] === first + to - from) to++;
    runs.push(first, to - from);
  }
  return { runs: Uint32Array.from(runs) };
}

function numbersOf({ runs }: Runs): Uint32Array {
  let count = 0;
  for (let run = 1; run < runs.length; run += 2) count += runs[run] ?? 0;
  const numbers = new Uint32Array(count);
  for (let run = 0, at = 0; run < runs.length; run += 2) {
    const first = runs[run] ?? 0;
    for (let next = 0; next < (runs[run + 1] ?? 0); next++) numbers[at++] = first + next;
  }
  return numbers;
}
