import { describe, expect, it } from 'vitest';
import { MAX_TEXT, inert, logged, quoted, shortened } from '../../src/inert';
import { icons, links } from './ui/vscodeSyntax';

const hostile = [
  '[x](command:workbench.action.openSettings)',
  '[x](command:a "title")',
  '[[x]](https://example.org)',
  '[x](file:///etc/passwd)](command:a)',
  '[x]\u200b(command:a)',
  '[x\n](command:a)',
  '[x](COMMAND:a)',
  '[a]](command:b)',
  '$(error)',
  '\\$(error)',
  '$$(sync~spin)',
  '$\u0000(error)',
];

describe('an inert text', () => {
  it.each(hostile)('has no link and no icon: %j', (text) => {
    for (const whole of [text, `before ${text} after`, text.repeat(40), inert(text)]) {
      expect(links(inert(whole))).toEqual([]);
      expect(icons(inert(whole))).toEqual([]);
    }
  });

  it('can be read and copied as it was', () => {
    expect(inert('see [x](command:a), $(date) and a[0]')).toBe('see [x] (command:a), $ (date) and a[0]');
    expect(inert('büro-1: 主机 “x” <b>&amp;</b> ⚠\ufe0f')).toBe('büro-1: 主机 “x” <b>&amp;</b> ⚠\ufe0f');
  });

  it('is one line, with blanks that can be counted', () => {
    expect(inert('  a \r\n\n\t b\u2028c\td\u00a0\u00a0\u00a0e ')).toBe('a ⏎ b ⏎ c d e');
  });

  it.each([
    ['\u0000\u001b[31m\u007f\u0085', '␀␛[31m<U+007F><U+0085>'],
    ['a\u202eb\u2066c\u2069', 'a<U+202E>b<U+2066>c<U+2069>'],
    ['a\u200bb\ufeffc\u00ad\u3164', 'a<U+200B>b<U+FEFF>c<U+00AD><U+3164>'],
    ['\ud800 \ue000 \u{e0041}', '<U+D800> <U+E000> <U+E0041>'],
  ])('shows every character of %j', (text, read) => {
    expect(inert(text)).toBe(read);
  });

  it('is bounded in length and in time, whatever it is made of', () => {
    const start = performance.now();
    for (const piece of ['a', ' ', '\n', '\u202e', '](', '$(', '[', '\u{1f600}', ' \t']) {
      const text = inert(piece.repeat(5_000_000 / piece.length));
      expect(text.length).toBeLessThanOrEqual(MAX_TEXT);
      expect(text).not.toMatch(/\p{Cs}/u);
      expect(shortened(piece.repeat(100_000), 80).length).toBeLessThanOrEqual(160);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('stays as it is when it comes by again', () => {
    for (const text of [...hostile, 'x'.repeat(3000), '\u202e'.repeat(3000), ' a\n\nb ']) {
      expect(inert(inert(text))).toBe(inert(text));
    }
  });
});

describe('a quoted text', () => {
  it('cannot end its quotes', () => {
    expect(quoted('a” RPS Trace: "b" „c‟ ＂')).toBe("“a' RPS Trace: 'b' 'c' '”");
  });

  it('leaves room for the sentence around it', () => {
    expect(quoted('x'.repeat(5000)).length).toBeLessThan(MAX_TEXT - 100);
  });
});

describe('a shortened text', () => {
  it('keeps both ends: a name is told by its last part too', () => {
    expect(shortened(`a.${'b'.repeat(200)}.evil.example`, 31)).toBe('a.bbbbbbbbbbbbb…bb.evil.example');
    expect(shortened('web-1', 31)).toBe('web-1');
  });
});

describe('a text for the log', () => {
  it('has one line that begins an entry', () => {
    const forged = 'hello\n2026-01-01 00:00:00.000 [error] forged\r\nx\ry\u2028z';
    expect(logged(forged).split('\n').slice(1)).toEqual([
      '    2026-01-01 00:00:00.000 [error] forged',
      '    x',
      '    y',
      '    z',
    ]);
  });

  it('shows every character, and bounds every line', () => {
    expect(logged('a\u001b[2Jb\u202ec\td')).toBe('a␛[2Jb<U+202E>c  d');
    expect(logged(`${'x'.repeat(1e6)}\ny`).length).toBeLessThan(20_000);
  });
});
