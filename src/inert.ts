/** Longest text that is shown, UTF-16 code units: VS Code cuts notifications there. */
export const MAX_TEXT = 1000;
/** Longest quote in a sentence, UTF-16 code units: the rest of the sentence stays below MAX_TEXT. */
const MAX_QUOTED = 800;

/** C0 controls have pictures of their own in Unicode, from here on. */
const CONTROL_PICTURES = 0x2400;
/**
 * Characters without a shape of their own: controls, bidirectional overrides and isolates, zero-width and blank ones,
 * private use (VS Code's icon font). Variation selectors for emoji only choose between two shapes, and stay.
 */
const SHAPELESS = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** \s has a character without width, which is to be seen. */
const BLANKS = /[^\S\uFEFF]+/g;
const LINE_BREAK = /[\n\v\f\r\u2028\u2029]/;
/** Characters that pass for a double quote. */
const QUOTES = /["“”„‟″‶〃〝〞〟＂]/g;

/**
 * Returns `text` on one line, for a place where VS Code makes links and icons of text: none comes of it, every character can
 * be seen, and it has at most `limit` UTF-16 code units. A space breaks `](` and `$(`, several blanks are one; the rest stays
 * as it is, and so does what went through here before.
 *
 * VS Code's syntax: src/vs/base/common/linkedText.ts, `LINK_REGEX`, and src/vs/base/common/iconLabels.ts.
 */
export function inert(text: string, limit = MAX_TEXT): string {
  const readable = cut(text, limit)
    .trim()
    .replace(BLANKS, (blanks) => (LINE_BREAK.test(blanks) ? ' ⏎ ' : ' '))
    .replace(SHAPELESS, visible)
    .replace(/\](?=\()/g, '] ')
    .replace(/\$(?=\()/g, '$ ');
  return cut(readable, limit);
}

/** Returns what a host says, inert and in quotes that it cannot close, so that it cannot pass for a sentence of the extension. */
export function quoted(text: string, limit = MAX_QUOTED): string {
  return `“${inert(text.replace(QUOTES, "'"), limit)}”`;
}

/** Returns `text` inert and with at most `limit` characters: the middle of a longer one goes, so that both ends can be read. */
export function shortened(text: string, limit: number): string {
  const whole = Array.from(inert(text, Infinity));
  if (whole.length <= limit) return whole.join('');
  const half = Math.floor((limit - 1) / 2);
  return `${whole.slice(0, half).join('')}…${whole.slice(-half).join('')}`;
}

/**
 * Returns `text` for the log: its later lines are indented, so that none passes for another entry, every character can be
 * seen, and no line has more than `limit` UTF-16 code units.
 */
export function logged(text: string, limit = 16 * MAX_TEXT): string {
  const lines = text.split(/\r\n|[\n\v\f\r\u2028\u2029]/);
  const readable = lines.map((line) => cut(line, limit).replace(/\t/g, '  ').replace(SHAPELESS, visible));
  return readable.join('\n    ');
}

function visible(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(CONTROL_PICTURES + codePoint);
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Cuts between characters. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
