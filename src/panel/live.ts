import type { Traces } from '../trace/traces';
import type { Tunings } from '../tuning/tunings';
import type { Shown, ToWebview } from './bind';

/** The traces of this window with what belongs to tuning them, each snapshot of a host followed by its own. */
export function live(traces: Traces, tunings: Tunings): Shown {
  return {
    snapshot: () => [...traces.snapshot(), ...tunings.snapshot()],
    listen: (listener: (message: ToWebview) => void) => {
      const ends = [
        traces.listen((message) => {
          listener(message);
          if (message.type === 'snapshot') tunings.snapshot().forEach(listener);
        }),
        tunings.listen(listener),
      ];
      return { dispose: () => ends.forEach((end) => end.dispose()) };
    },
  };
}
