import { readList, readMask, type CpuSet } from './cpuSet';

/** The two ways to write a set of CPUs. "10" is CPU 10 as a list and CPU 4 as a mask, so nobody may guess which is meant. */
export type Form = 'list' | 'mask';

/**
 * What a person typed. `empty`: a mask needs a digit; `prefix`: 0x, which the kernel refuses; `syntax`: `piece` is no
 * part of a list or mask; `order`: a range that ends before it begins; `range`: beyond every kernel; `chunk`: more than
 * 32 bits without a comma.
 */
export type Typed =
  | { readonly kind: 'cpus'; readonly cpus: CpuSet }
  | {
      readonly kind: 'bad';
      readonly form: Form;
      readonly reason: 'empty' | 'prefix' | 'syntax' | 'order' | 'range' | 'chunk';
      readonly piece: string;
    };

/** Reads one of the two forms. An empty list is the empty set, which turns RPS off; an empty mask is an error. */
export function readTyped(form: Form, text: string): Typed {
  if (form === 'mask') {
    const piece = text.trim();
    if (piece === '') return { kind: 'bad', form, reason: 'empty', piece };
    if (/^0x/i.test(piece)) return { kind: 'bad', form, reason: 'prefix', piece };
  }
  const read = form === 'list' ? readList(text) : readMask(text);
  return read.kind === 'cpus' ? read : { ...read, form };
}
