import { columns, type ColumnId, type Source } from './columns';
import { words } from '../words';

/** The rows in `order` as tab-separated values under a line of names; numbers exact and without separators. */
export function toTsv(source: Source, order: Uint32Array, shown: readonly ColumnId[]): string {
  // A name may hold anything but a slash and white space (dev_valid_name, net/core/dev.c); a namespace's may.
  const field = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
  const lines = [shown.map((id) => words.column[id])];
  for (const row of order) lines.push(shown.map((id) => field(columns[id].exact(source, row))));
  return lines.map((line) => `${line.join('\t')}\n`).join('');
}
