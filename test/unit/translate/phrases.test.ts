import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Phrases, type Bundle } from '../../../src/translate/phrases';
import { MAX_PHRASE } from '../../../shared/limits';
import { cpuMs } from '../cpuMs';

const chinese = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Bundle;

const bundle: Bundle = {
  'The trace of {0} failed: {1}': '对{0}的跟踪失败：{1}',
  '{0} says {1}, and {2}.': '{2}，{0}说{1}。',
  'no way': '无路',
  '{0} and {1}': '{0}与{1}',
};
const phrases = new Phrases(bundle);

describe('a sentence in the language of the window', () => {
  it('is recognized by the words around the names, and a name may be a sentence', () => {
    expect(phrases.say('The trace of web-1 failed: no way')).toBe('对web-1的跟踪失败：无路');
    expect(phrases.say('The trace of web-1 failed: web-2 says no way, and so on.')).toBe(
      '对web-1的跟踪失败：so on，web-2说无路。',
    );
  });

  it('gives each name as little as it can', () => {
    expect(phrases.say('a and b and c')).toBe('a与b与c');
    expect(phrases.say('x says y, and z, and w.')).toBe('z,与w，x说y。');
  });

  it('stays as it is when it is no sentence, or a member that every object has', () => {
    for (const text of ['The trace of', 'constructor', '__proto__', 'says , and']) {
      expect(phrases.say(text)).toBe(text);
    }
  });

  it.each([
    ['of a host that repeats the words of a sentence', ': the loader on '.repeat(640)],
    ['of a host that repeats what ends a sentence', 'The SSH configuration for '.repeat(400)],
    ['of brackets and colons', '(: , '.repeat(3000)],
    ['of sentences inside each other', 'The trace of a failed: '.repeat(600)],
  ])('takes no longer than it is long, for a text %s', (_, text) => {
    const all = new Phrases(chinese);
    expect(cpuMs(() => all.say(text))).toBeLessThan(1000);
    expect(cpuMs(() => all.say(text.repeat(1000)))).toBeLessThan(1000);
  });

  it('stays as it is when it is longer than any sentence', () => {
    const long = 'x'.repeat(MAX_PHRASE);
    expect(phrases.say(`The trace of ${long} failed: no way`)).toBe(`The trace of ${long} failed: no way`);
  });
});
