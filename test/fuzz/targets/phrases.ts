import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Phrases, type Bundle } from '../../../src/translate/phrases';
import { target } from '../target';
import { jumbled } from '../texts';

const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Bundle;
const phrases = new Phrases(bundle);
const sentences = Object.keys(bundle).filter((english) => english.includes('{0}'));
const words = [...new Set(sentences.flatMap((english) => english.split(/\{\d\}/)))].filter(
  (word) => word !== '',
);

/** A sentence with any names in it is recognized, soon, whatever a host puts into the names. */
export default target({
  input: fc.oneof(
    jumbled(...words),
    fc
      .tuple(fc.constantFrom(...sentences), fc.array(jumbled(...words), { minLength: 5, maxLength: 5 }))
      .map(([english, names]) => english.replace(/\{(\d)\}/g, (_, place) => names[Number(place)] ?? '')),
  ),
  check: (text) => {
    if (typeof phrases.say(text) !== 'string') throw new Error('no text');
  },
});
