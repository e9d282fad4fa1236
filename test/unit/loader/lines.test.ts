import { getHeapStatistics } from 'node:v8';
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
    expect(texts(split([Buffer.from('1234567890\nok\n')], 8))).toEqual(['tooLong', 'ok']);
    expect(texts(split([Buffer.from('12345678\n12345678'), Buffer.from('9\n1\n')], 8))).toEqual([
      ...['12345678', 'tooLong', '1'],
    ]);
  });

  it('in memory of their own size, also when every byte comes by itself', () => {
    const bytes = Buffer.alloc(6 * 1024 * 1024, 'x');
    const splitter = new LineSplitter(() => undefined);
    const before = getHeapStatistics().used_heap_size;
    for (let at = 0; at < bytes.length; at++) splitter.push(bytes.subarray(at, at + 1));
    expect(getHeapStatistics().used_heap_size - before).toBeLessThan(200 * 1024 * 1024);
  });
});
