/**
 * Sets of CPUs: ascending numbers without repetition, in both written forms: the list for people ("0-3,8") and the
 * comma form of the kernel ("00000001,0000000f"). bpf/base/cpumask.c is the loader's end of the same.
 */
export type CpuSet = readonly number[];

/** The kernel's CONFIG_NR_CPUS goes up to this on x86; other architectures stay below. */
const MOST_CPUS = 8192;
const CHUNK_BITS = 32;

export type ReadCpus =
  | { readonly kind: 'cpus'; readonly cpus: CpuSet }
  /** `piece` is the part of the text that cannot be read. */
  | { readonly kind: 'bad'; readonly reason: 'syntax' | 'order' | 'range' | 'chunk'; readonly piece: string };

/** Any numbers as a set. */
export function cpuSet(numbers: Iterable<number>): CpuSet {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** Reads a list such as "0-3,8"; blanks around its parts do not matter, and "" is the empty set. */
export function readList(text: string): ReadCpus {
  const cpus = new Set<number>();
  if (text.trim() === '') return { kind: 'cpus', cpus: [] };
  for (const part of text.split(',')) {
    const piece = part.trim();
    const [, first, last = first] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(piece) ?? [];
    if (first === undefined || last === undefined) return { kind: 'bad', reason: 'syntax', piece };
    if (Number(last) < Number(first)) return { kind: 'bad', reason: 'order', piece };
    if (Number(last) >= MOST_CPUS) return { kind: 'bad', reason: 'range', piece };
    for (let cpu = Number(first); cpu <= Number(last); cpu++) cpus.add(cpu);
  }
  return { kind: 'cpus', cpus: cpuSet(cpus) };
}

/**
 * Reads the comma form as bitmap_parse() in the kernel's lib/bitmap.c does: hexadecimal chunks, the highest first, each
 * of 32 bits; `chunk`: one has more than eight digits, which the kernel refuses with EOVERFLOW. It passes over empty
 * chunks, which this refuses.
 */
export function readMask(text: string): ReadCpus {
  const cpus: number[] = [];
  for (const [word, piece] of text.trim().split(',').toReversed().entries()) {
    if (!/^[0-9a-f]+$/i.test(piece)) return { kind: 'bad', reason: 'syntax', piece };
    if (piece.length > CHUNK_BITS / 4) return { kind: 'bad', reason: 'chunk', piece };
    const bits = Number.parseInt(piece, 16);
    if (bits !== 0 && word >= MOST_CPUS / CHUNK_BITS) return { kind: 'bad', reason: 'range', piece };
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      if (((bits >>> bit) & 1) === 1) cpus.push(word * CHUNK_BITS + bit);
    }
  }
  return { kind: 'cpus', cpus };
}

/** The shortest list of a set, as the kernel prints it (%*pbl). */
export function listOf(cpus: CpuSet): string {
  const parts: string[] = [];
  for (let at = 0; at < cpus.length; at++) {
    const first = cpus[at] ?? 0;
    while (cpus[at + 1] === (cpus[at] ?? 0) + 1) at++;
    const last = cpus[at] ?? 0;
    parts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return parts.join(',');
}

/** The comma form for a kernel of `width` CPUs, padded as the kernel itself prints it (%*pb). */
export function maskOf(cpus: CpuSet, width: number): string {
  const words = Array.from({ length: Math.ceil(width / CHUNK_BITS) }, () => 0);
  for (const cpu of cpus) {
    const word = Math.floor(cpu / CHUNK_BITS);
    words[word] = ((words[word] ?? 0) | (1 << (cpu % CHUNK_BITS))) >>> 0;
  }
  const first = Math.ceil((((width - 1) % CHUNK_BITS) + 1) / 4);
  return words
    .toReversed()
    .map((word, place) => word.toString(16).padStart(place === 0 ? first : CHUNK_BITS / 4, '0'))
    .join(',');
}
