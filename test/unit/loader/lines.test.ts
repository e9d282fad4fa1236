import { describe, expect, it } from 'vitest';
import { LineSplitter, type Line } from '../../../src/loader/lines';

function split(chunks: readonly Buffer[], longest?: number): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), longest);
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}
const texts = (lines: readonly Line[]) => lines.map((line) => (line.kind === 'line' ? line.text : line.kind));

describe('a stream of bytes becomes lines', () => {
  it('whatever the chunks are, even one byte each, and inside a character', () => {
    const bytes = Buffer.from('{"name":"ключ"}\n{"name":"網路"}\n');
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    expect(texts(split(single))).toEqual(['{"name":"ключ"}', '{"name":"網路"}']);
    expect(split(single)).toEqual(split([bytes]));
  });

  it('without a last line that was cut off', () => {
    expect(texts(split([Buffer.from('whole\nhalf')]))).toEqual(['whole']);
  });

  it('and one that is too long is dropped, told, and the next one read', () => {
    expect(texts(split([Buffer.from('123456'), Buffer.from('7890\nok\n')], 8))).toEqual(['tooLong', 'ok']);
  });
});
