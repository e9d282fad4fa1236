import { describe, expect, it } from 'vitest';
import { Preamble } from '../../../src/loader/preamble';

/** What comes of these chunks. */
function read(chunks: readonly (string | Buffer)[]) {
  const answers: string[] = [];
  const rest: Buffer[] = [];
  let isTooLong = false;
  const preamble = new Preamble('MARK', {
    answer: (text) => answers.push(text),
    rest: (chunk) => rest.push(chunk),
    tooLong: () => (isTooLong = true),
  });
  for (const chunk of chunks) preamble.push(Buffer.from(chunk));
  return { answers, rest: Buffer.concat(rest).toString(), isTooLong, said: preamble.said };
}

describe('what comes before the output of a loader', () => {
  const whole = 'Welcome to grün\nMARK\nos Linux\nfine\nMARK\n{"a":1}\n{"b":"ü"}\nMARK\n';
  const taken = { answers: ['os Linux\nfine\n'], rest: '{"a":1}\n{"b":"ü"}\nMARK\n', isTooLong: false };

  it('is taken apart wherever it was cut', () => {
    const bytes = Buffer.from(whole);
    expect(read([bytes])).toMatchObject(taken);
    expect(read(Array.from(bytes, (byte) => Buffer.from([byte])))).toMatchObject(taken);
    for (let at = 1; at < bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toMatchObject(taken);
    }
  });

  it('is no answer until it is whole, and its last line is kept for people', () => {
    expect(read(['This account is\nnot available.\n'])).toMatchObject({
      answers: [],
      said: 'not available.',
    });
    expect(read(['MARK\nos Linux\n']).answers).toEqual([]);
  });

  it('has a bounded length', () => {
    const chunk = Buffer.alloc(100_000, 'x');
    expect(read([chunk, 'MARK\n', chunk])).toMatchObject({ isTooLong: false });
    expect(read(Array.from({ length: 20 }, () => chunk))).toMatchObject({ isTooLong: true, rest: '' });
  });
});
