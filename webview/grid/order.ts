const BITS = 16;
const BUCKETS = 1 << BITS;
const DIGITS = 64 / BITS;

const counts = new Uint32Array(BUCKETS);

/**
 * Sorts row numbers by `key`, a number not below 0; equal keys keep their order. A radix sort over the bits of the
 * doubles, which order as the numbers do: 65,536 rows take a few milliseconds, a comparing sort takes ten times that.
 */
export function sortRows(
  rows: Uint32Array<ArrayBuffer>,
  key: (row: number) => number,
  descending: boolean,
): Uint32Array<ArrayBuffer> {
  const keys = Float64Array.from(rows, (row) => key(row) + 0);
  const digits = new Uint16Array(keys.buffer);
  const flip = descending ? BUCKETS - 1 : 0;
  let places = Uint32Array.from(rows.keys());
  let sorted = new Uint32Array(rows.length);
  for (let digit = 0; digit < DIGITS; digit++) {
    counts.fill(0);
    for (let at = digit; at < digits.length; at += DIGITS) count((digits[at] ?? 0) ^ flip);
    if (rows.length > 0 && counts[(digits[digit] ?? 0) ^ flip] === rows.length) continue;
    for (let bucket = 0, start = 0; bucket < BUCKETS; bucket++) {
      const size = counts[bucket] ?? 0;
      counts[bucket] = start;
      start += size;
    }
    for (const place of places) sorted[count((digits[place * DIGITS + digit] ?? 0) ^ flip)] = place;
    [places, sorted] = [sorted, places];
  }
  return places.map((place) => rows[place] ?? 0);
}

/** Adds 1 to a bucket and returns what it held. */
function count(bucket: number): number {
  const held = counts[bucket] ?? 0;
  counts[bucket] = held + 1;
  return held;
}
