import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { LineSplitter } from '../../../src/loader/lines';
import { Preamble } from '../../../src/loader/preamble';
import { Stderr } from '../../../src/loader/stderr';
import { target } from '../target';

const MARK = 'rpstrace-mark';
const LONGEST = 50;
const piece = fc.oneof(
  fc.constantFrom('\n', MARK, `${MARK}\n`, 'rpstrace-', 'mark\n', 'é', '網', '\r\n', '{"type":"x"}\n'),
  fc.string(),
);

/** How a host's bytes are cut into chunks changes nothing. */
export default target({
  input: fc.record({
    pieces: fc.array(piece),
    cuts: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  }),
  check: ({ pieces, cuts }) => {
    const whole = Buffer.from(pieces.join(''));
    for (const read of [lines, preamble, stderr]) deepStrictEqual(read(chunks(whole, cuts)), read([whole]));
  },
});

function chunks(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0, cut = 0; at < whole.length; cut++) {
    const length = cuts[cut % cuts.length] ?? 1;
    parts.push(whole.subarray(at, at + length));
    at += length;
  }
  return parts;
}

function lines(parts: readonly Buffer[]) {
  const found: unknown[] = [];
  const splitter = new LineSplitter((line) => found.push(line), LONGEST);
  for (const part of parts) splitter.push(part);
  return found;
}

function preamble(parts: readonly Buffer[]) {
  const found = { answers: [] as string[], rest: '' };
  const reader = new Preamble(MARK, {
    answer: (text) => found.answers.push(text),
    rest: (chunk) => (found.rest += chunk.toString('latin1')),
    tooLong: () => found.answers.push('too long'),
  });
  for (const part of parts) reader.push(part);
  return { ...found, said: reader.isAnswered ? '' : reader.said };
}

function stderr(parts: readonly Buffer[]) {
  const found = { questions: 0, lines: [] as string[] };
  const reader = new Stderr(
    MARK,
    () => found.questions++,
    (line) => found.lines.push(line),
  );
  for (const part of parts) reader.push(part.toString('latin1'));
  return found;
}
