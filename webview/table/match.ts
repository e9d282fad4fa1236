import type { Counted } from '../store/zoom';
import type { Filter } from '../viewState';
import { words } from '../words';

/**
 * The rows that pass both filters. Every word of `text` must be a part of the row's interface, namespace or verdict,
 * or be the number of its CPU or target, whatever the case. The answer is to be read only.
 */
export function matching(store: Counted, filter: Filter | undefined, text: string): Uint32Array<ArrayBuffer> {
  const { rows, links } = store;
  const asked = text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const has = (part: string) => part.toLowerCase().includes(word);
      return {
        links: links.all.map(({ name, namespace }) => has(name) || has(namespace)),
        verdicts: new Set(
          Object.entries(words.verdict).flatMap(([verdict, name]) => (has(name) ? [verdict] : [])),
        ),
        cpu: /^\d+$/.test(word) ? Number(word) : undefined,
      };
    });
  if (!filter && asked.length === 0) return firstNumbers(rows.count);
  const found = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row++) {
    if (matches(row)) found[count++] = row;
  }
  return found.subarray(0, count);

  function matches(row: number): boolean {
    const key = rows.keys[row];
    if (!key) return false;
    if (filter?.cpu !== undefined && filter.cpu !== key.cpu) return false;
    if (filter?.target !== undefined && filter.target !== key.target) return false;
    return asked.every(
      (word) =>
        word.links[rows.link[row] ?? -1] === true ||
        word.verdicts.has(key.verdict) ||
        (word.cpu !== undefined && (word.cpu === key.cpu || word.cpu === key.target)),
    );
  }
}

/** Numbers from 0 on. */
let numbers = new Uint32Array(0);

function firstNumbers(count: number): Uint32Array<ArrayBuffer> {
  if (numbers.length < count) numbers = Uint32Array.from({ length: count }, (_, number) => number);
  return numbers.subarray(0, count);
}
