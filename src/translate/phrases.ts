import { MAX_PHRASE, MAX_PHRASE_DEPTH } from '../../shared/limits';

/** Texts in another language by their English, in which {0}, {1} and so on stand for what changes. */
export type Bundle = Readonly<Record<string, string>>;

interface Phrase {
  /** What stands before the first name, between them, and after the last one: one more than there are names. */
  readonly words: readonly string[];
  /** Numbers of the places in the order of the English. */
  readonly places: readonly number[];
  readonly other: string;
}

/**
 * Says in another language what the parts that know nothing of VS Code say in English: problems, hints, steps. Their texts
 * are whole sentences with names in them, so each is recognized by what stands around the names. A name may itself be
 * something that is known; what is not known stays as it is.
 */
export class Phrases {
  readonly #phrases: readonly Phrase[];

  constructor(private readonly bundle: Bundle) {
    this.#phrases = Object.keys(bundle)
      .filter((english) => english.includes('{0}'))
      // Of two that match, the one with more words of its own says more.
      .sort((a, b) => b.length - a.length)
      .map((english) => phraseOf(english, bundle[english] ?? english));
  }

  /** A text in the other language. What a host put in may be of any length: beyond MAX_PHRASE it is not looked at. */
  say(text: string): string {
    return text.length > MAX_PHRASE ? text : this.#say(text, MAX_PHRASE_DEPTH);
  }

  /** @param depth how many sentences may be inside each other */
  #say(text: string, depth: number): string {
    const whole = Object.hasOwn(this.bundle, text) ? this.bundle[text] : undefined;
    if (whole !== undefined) return whole;
    if (depth === 0) return text;
    for (const { words, places, other } of this.#phrases) {
      const names = namesIn(text, words);
      if (!names) continue;
      const parts = new Map(places.map((place, at) => [place, this.#say(names[at] ?? '', depth - 1)]));
      return other.replace(/\{(\d)\}/g, (_, place: string) => parts.get(Number(place)) ?? '');
    }
    return text;
  }
}

/**
 * What stands between the words of a sentence in a text, or undefined when it is another sentence. Each name is as short
 * as can be, which leaves most of the text to those after it: so no choice has to be taken back.
 */
function namesIn(text: string, words: readonly string[]): string[] | undefined {
  const [first = '', ...later] = words;
  const last = later.pop() ?? '';
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const names: string[] = [];
  let from = first.length;
  for (const word of later) {
    const at = text.indexOf(word, from);
    if (at < 0) return undefined;
    names.push(text.slice(from, at));
    from = at + word.length;
  }
  if (from > end) return undefined;
  names.push(text.slice(from, end));
  return names;
}

function phraseOf(english: string, other: string): Phrase {
  const pieces = english.split(/\{(\d)\}/);
  const places = pieces.filter((_, at) => at % 2 === 1).map(Number);
  return { words: pieces.filter((_, at) => at % 2 === 0), places, other };
}
