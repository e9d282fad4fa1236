/** What was read from a recording is not what its format allows. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Odd codes of lower numbers would not be integers that a double can hold. */
const LEAST = -(2 ** 52);

/** Bytes that grow while integers are appended to them. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** Appends an integer from 0 to 2^64, seven bits a byte, the lowest first (as LEB128). */
  unsigned(value: number): void {
    this.#reserve(10);
    let rest = value;
    // Beyond 31 bits the operators on bits would cut; doubles divide by powers of two without loss.
    while (rest > 0x7fffffff) {
      this.#bytes[this.#length++] = 0x80 | (rest % 0x80);
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = 0x80 | (rest & 0x7f);
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Appends an integer of either sign, from -2^52 on (what is below becomes that); those near 0 are short. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * Math.max(value, LEAST) - 1 : 2 * value);
  }

  /** Appends a text with its length before it. */
  text(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.unsigned(encoded.length);
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  /** Everything so far: a view, valid until the next call. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    wider.set(this.written);
    this.#bytes = wider;
  }
}

/** Reads what a ByteWriter wrote. The bytes are untrusted: every method throws Malformed rather than read past the end. */
export class ByteReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Bytes not read yet: at least so many integers cannot be more than these. */
  get left(): number {
    return this.bytes.length - this.#at;
  }

  unsigned(): number {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined || shift > 63) throw new Malformed('a number has no end');
      if (shift < 28) value |= (byte & 0x7f) << shift;
      else value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  }

  signed(): number {
    const coded = this.unsigned();
    if (coded % 2 === 0) return coded / 2;
    // Past 2^53 doubles are even: there is no odd code, and nothing is lost here.
    return -(coded + 1) / 2;
  }

  /** An integer that counts something: at most `most`. */
  count(what: string, most: number): number {
    const value = this.unsigned();
    if (value > most) throw new Malformed(`${value} ${what}, more than ${most}`);
    return value;
  }

  /** What `text` wrote, as bytes: at most `most`. */
  text(most: number): Uint8Array {
    const length = this.count('bytes of text', Math.min(most, this.left));
    const text = this.bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  /** Throws when something is left over. */
  end(): void {
    if (this.left > 0) throw new Malformed(`${this.left} bytes too many`);
  }
}
