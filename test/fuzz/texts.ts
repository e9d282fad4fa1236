import fc, { type Arbitrary } from 'fast-check';

/** Where a text is changed, and how: a piece of it is taken out, and another one put in, once or many times. */
const edit = fc.record({
  at: fc.nat(),
  remove: fc.integer({ min: 0, max: 40 }),
  insert: fc.oneof(
    fc.string(),
    fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', '-1', '1e999', '\n', '\0'),
  ),
  times: fc.oneof(
    { weight: 9, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 3000 }) },
  ),
});

/** One of some texts that are right, with a few changes. */
export function changed(...right: readonly string[]): Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...right), fc.array(edit, { maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((now, { at, remove, insert, times }) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + insert.repeat(times) + now.slice(place + remove);
    }, text),
  );
}

/** Words one after the other, in any order and some of them many times: what makes patterns take their choices back. */
export function jumbled(...words: readonly string[]): Arbitrary<string> {
  const word = fc.tuple(
    fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: 2, max: 2000 }) },
    ),
  );
  return fc
    .array(word, { maxLength: 30 })
    .map((parts) => parts.map(([text, times]) => text.repeat(times)).join(''));
}

/** Bytes as base64, as corpora keep them. */
export const bytes = (constraints?: fc.IntArrayConstraints): Arbitrary<string> =>
  fc.uint8Array(constraints).map((array) => Buffer.from(array).toString('base64'));
