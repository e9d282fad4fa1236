import { Cancelled, Problem } from '../problem';

/** Why a signal aborted: the Problem it was aborted with, or Cancelled when a person did it. */
export function abortError(signal: AbortSignal): Problem | Cancelled {
  return signal.reason instanceof Problem ? signal.reason : new Cancelled();
}

/** Throws `abortError` when the signal has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}

/**
 * Waits for `work`, or rejects with `abortError` as soon as `signal` aborts. `work` itself goes on: whoever started
 * it ends it, and its late failure is nobody's any more.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  throwIfAborted(signal);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
