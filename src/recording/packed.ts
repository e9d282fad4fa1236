import { verdicts, type Frame } from '../../shared/frames/frames';
import { MAX_CPUS, MAX_ROWS } from '../../shared/limits';
import type { TableShape } from './table';

/** The tables of a block: rows of samples and of the end, and of softnet. Every other frame is stored as the JSON it is. */
export const tableNames = ['decisions', 'softnet'] as const;
export type TableName = (typeof tableNames)[number];

export const shapes: Readonly<Record<TableName, TableShape>> = {
  decisions: { keys: 7, values: 3, along: true, whole: false, most: MAX_ROWS },
  softnet: { keys: 1, values: 6, along: false, whole: true, most: MAX_CPUS },
};

/** The table a frame's rows are in; undefined for frames that are stored as they are. */
export function tableOf({ type }: Frame): TableName | undefined {
  switch (type) {
    case 'sample':
    case 'end':
      return 'decisions';
    case 'softnet':
      return 'softnet';
    default:
      return undefined;
  }
}

export type NumberRow = readonly [key: readonly number[], values: readonly number[]];

/** A frame's rows as numbers. */
export function* numbersOf(frame: Frame): Iterable<NumberRow> {
  if (frame.type === 'softnet') {
    for (const [cpu, ...values] of frame.cpus) yield [[cpu], values];
  } else if (frame.type === 'sample' || frame.type === 'end') {
    for (const row of frame.rows) {
      const [netns, ifindex, queue, cpu, target, verdict, skbs, segments, bytes, instance] = row;
      const key = [netns, ifindex, queue, cpu, target, verdicts.indexOf(verdict), instance];
      yield [key, [skbs, segments, bytes]];
    }
  }
}

/** How many rows a frame has. */
export function rowsOf(frame: Frame): number {
  if (frame.type === 'softnet') return frame.cpus.length;
  return frame.type === 'sample' || frame.type === 'end' ? frame.rows.length : 0;
}

/** A frame without its rows: what is left to be stored as JSON. */
export function withoutRows(frame: Frame): Frame {
  if (frame.type === 'softnet') return { ...frame, cpus: [] };
  return frame.type === 'sample' || frame.type === 'end' ? { ...frame, rows: [] } : frame;
}
