import type { Arbitrary } from 'fast-check';

/**
 * One thing that reads what others wrote, and its properties. Inputs are JSON values, so that one that failed once can be
 * kept in `test/fuzz/corpus/<target>/` and is tried first from then on. Bytes stand in them as base64.
 */
export interface Target<T> {
  readonly input: Arbitrary<T>;
  /** Feeds one input in. @throws whatever shows that a property does not hold */
  readonly check: (input: T) => void | Promise<void>;
  /** CPU time that one input may take, milliseconds, with all threads; 500 without it. */
  readonly cpuMs?: number;
}

/** A target, with the type of its inputs inferred. */
export function target<T>(parts: Target<T>): Target<T> {
  return parts;
}
