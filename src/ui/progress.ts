import type { Trace } from '../trace/trace';
import { said } from '../translate/said';
import { inNotification } from './window/progress';

/** Shows what a trace waits for while it connects, and lets that be cancelled. */
export async function withProgress(
  trace: Trace,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await inNotification(undefined, async (report, signal) => {
    const watch = trace.watch((state) => {
      if (state.kind === 'connecting') report(said(state.step));
    });
    try {
      await work(signal);
    } finally {
      watch.dispose();
    }
  });
}
