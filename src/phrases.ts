/** Texts in another language by their English, in which {0}, {1} and so on stand for what changes. */
export type Bundle = Readonly<Record<string, string>>;

interface Phrase {
  readonly pattern: RegExp;
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

  say(text: string): string {
    const whole = this.bundle[text];
    if (whole !== undefined) return whole;
    for (const { pattern, places, other } of this.#phrases) {
      const found = pattern.exec(text);
      if (!found) continue;
      const parts = new Map(places.map((place, group) => [place, this.say(found[group + 1] ?? '')]));
      return other.replace(/\{(\d)\}/g, (_, place: string) => parts.get(Number(place)) ?? '');
    }
    return text;
  }
}

function phraseOf(english: string, other: string): Phrase {
  const pieces = english.split(/\{(\d)\}/);
  const places = pieces.filter((_, at) => at % 2 === 1).map(Number);
  const words = pieces.filter((_, at) => at % 2 === 0);
  const escaped = words.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { pattern: new RegExp(`^${escaped.join('(.*?)')}$`, 's'), places, other };
}
