type Numbers = Float64Array | Int32Array;

/** Returns `array`, or a copy of at least twice its size when it cannot hold `length` numbers. */
export function grown<T extends Numbers>(array: T, length: number): T {
  if (length <= array.length) return array;
  const capacity = Math.max(length, array.length * 2, 64);
  const copy = (array instanceof Float64Array ? new Float64Array(capacity) : new Int32Array(capacity)) as T;
  copy.set(array);
  return copy;
}
