import { describe, expect, it } from 'vitest';
import { csvField } from '../../../webview/export/table';

describe('a field of a CSV file', () => {
  it.each([
    [null, ''],
    [0, '0'],
    [-1.5, '-1.5'],
    [2 ** 64, '18446744073709552000'],
    ['eth0', 'eth0'],
    ['', ''],
    ['a b', 'a b'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['\u202eeth0', '\u202eeth0'],
  ])('holds %j as RFC 4180 has it', (value, field) => {
    expect(csvField(value)).toBe(field);
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx', '=HYPERLINK("http://x","y")'])(
    'is never a formula, as with %j',
    (value) => {
      expect(csvField(value).replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );
});
