/** BTF as bytes: what the kernel's Documentation/bpf/btf.rst describes, made by hand, so that it can be wrong. */

const KINDS = { int: 1, array: 3, struct: 4, union: 5, typedef: 8 } as const;
const STRINGS = '\0sk_buff\0net_device\0int\0len\0dev\0';
/** Where a name is among the strings; '' for none. */
const nameAt = (name: string) => (name === '' ? 0 : STRINGS.indexOf(`\0${name}\0`) + 1);

const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeUInt32LE(number, i * 4));
  return bytes;
};

/** A type with what follows it; `size` is the number of another type for a typedef. */
const type = (name: string, kind: keyof typeof KINDS, size: number, parts: readonly Buffer[] = []) =>
  Buffer.concat([words(nameAt(name), KINDS[kind] * 2 ** 24 + parts.length, size), ...parts]);
const member = (name: string, of: number, bit = 0) => words(nameAt(name), of, bit);

const BTF = { magic: 0xeb9f, version: 1, header: 24 } as const;

function btf(types: readonly Buffer[]): Buffer {
  const all = Buffer.concat(types);
  const head = words(
    BTF.magic + BTF.version * 2 ** 16,
    BTF.header,
    0,
    all.length,
    all.length,
    STRINGS.length,
  );
  return Buffer.concat([head, all, Buffer.from(STRINGS)]);
}

const INT = Buffer.concat([type('int', 'int', 4), words(0x01000020)]);
const DEVICE = type('net_device', 'struct', 64, [member('len', 1)]);
/** Number 1 is int, number 2 struct net_device, number 3 struct sk_buff. */
const kernelWith = (packet: Buffer, ...more: Buffer[]) => btf([INT, DEVICE, packet, ...more]);

/** Whole, and of no kernel that runs. */
export const wholeBtf = kernelWith(type('sk_buff', 'struct', 64, [member('dev', 2)]));

const FORTY = Array.from({ length: 40 });
/** A union of forty times the next one. */
const fortyOf = (name: string, kind: 'struct' | 'union', next: number) =>
  type(
    name,
    kind,
    64,
    FORTY.map(() => member('', next)),
  );

/** What is wrong with them. */
export const hostileBtf: Readonly<Record<string, Buffer>> = {
  'a typedef that leads to itself': kernelWith(
    type('sk_buff', 'struct', 64, [member('len', 4)]),
    type('len', 'typedef', 4),
  ),
  'two typedefs that lead to each other': kernelWith(
    type('sk_buff', 'struct', 64, [member('len', 4)]),
    type('len', 'typedef', 5),
    type('dev', 'typedef', 4),
  ),
  'forty typedefs before a type': kernelWith(
    type('sk_buff', 'struct', 64, [member('len', 4)]),
    ...FORTY.map((_, i) => type('len', 'typedef', 5 + i)),
    type('dev', 'typedef', 1),
  ),
  'a struct that consists of itself': kernelWith(type('sk_buff', 'struct', 64, [member('dev', 3)])),
  'a union that is larger than what it is in': kernelWith(
    type('sk_buff', 'struct', 64, [member('', 4)]),
    type('', 'union', 128, [member('len', 1)]),
  ),
  'a member of a type that there is not': kernelWith(type('sk_buff', 'struct', 64, [member('len', 99)])),
  'a member outside of its struct': kernelWith(type('sk_buff', 'struct', 64, [member('len', 1, 64 * 8 + 1)])),
  'a name outside of the strings': kernelWith(
    Buffer.concat([type('sk_buff', 'struct', 64, [words(5000, 1, 0)])]),
  ),
  'a type that is cut': kernelWith(type('sk_buff', 'struct', 64), words(0, KINDS.int * 2 ** 24, 4)),
  'a kind that nobody knows': kernelWith(type('sk_buff', 'struct', 64), words(0, 31 * 2 ** 24, 0)),
};

/** Whole BTF whose unions nest forty times forty to the seventh, without a known member: a search in all of them never ends. */
export const endlessBtf = kernelWith(
  fortyOf('sk_buff', 'struct', 4),
  ...[5, 6, 7, 8, 9, 10].map((next) => fortyOf('', 'union', next)),
  type('', 'union', 64, [member('int', 1)]),
);
