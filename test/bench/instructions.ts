import { bootForBench } from './bootForBench';
import { counting } from './counting';
import type { Section } from './section';

/**
 * The same as `counting` in instructions, which are the same each time: in this guest the clock goes on by a nanosecond for
 * each that is executed. On hardware they take different times, and memory that is not at hand takes longer than any.
 */
export const instructions: Section = {
  name: 'instructions',
  async measure(bench) {
    const guest = await bootForBench({ turns: true, hardware: ['-icount', 'shift=0'] });
    try {
      return await counting.instructions(guest, bench);
    } finally {
      await guest.stop();
    }
  },
};
