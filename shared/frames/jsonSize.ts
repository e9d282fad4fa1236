import { MAX_ARRAYS, MAX_DEPTH, MAX_KEYS, MAX_OBJECTS, MAX_VALUES } from '../limits';

/** Character codes of what is counted. */
const [QUOTE, COMMA, COLON, OPEN, BACKSLASH, CLOSE, BRACE, END] = [34, 44, 58, 91, 92, 93, 123, 125];

/**
 * What is too much in a JSON text, or undefined. `JSON.parse` takes a hundred times as long for brackets as for digits, and
 * makes a hundred bytes of each, so they are counted before. A text that is not JSON may pass.
 */
export function tooMuchJson(text: string): string | undefined {
  /** Of the objects that are open, by depth. */
  const keys = new Uint32Array(MAX_DEPTH + 1);
  let [depth, objects, arrays, values] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        break;
      case COMMA:
        if (++values > MAX_VALUES) return `more than ${MAX_VALUES} values`;
        break;
      case COLON:
        if ((keys[depth] = (keys[depth] ?? 0) + 1) > MAX_KEYS) return `more than ${MAX_KEYS} keys`;
        break;
      case OPEN:
        if (++arrays > MAX_ARRAYS) return `more than ${MAX_ARRAYS} lists`;
        if (++depth > MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
        break;
      case BRACE:
        if (++objects > MAX_OBJECTS) return `more than ${MAX_OBJECTS} objects`;
        if (++depth > MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
        keys[depth] = 0;
        break;
      case CLOSE:
      case END:
        depth--;
    }
  }
  return undefined;
}

/** The place of the quote that ends the text that begins at `begin`; the text's length when none does. */
function endOfText(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
