import { loader } from '../guest/loaderRun';
import type { Section } from './section';

const SECONDS = 20;

/** What both of the loader's processes hold in memory while they trace, and the CPU they use at 10 samples a second. */
export const resting: Section = {
  name: 'resting',
  async measure(bench) {
    const guest = await bench.guest();
    const stdout = await guest.run(
      `cd /tmp/bench; exec 3<>stdin
       ${loader} --interval 100 </tmp/bench/stdin >out 2>/dev/null & loader=$!
       until grep -q '"seq":20' out; do sleep 0.2; done
       all="$loader $(pgrep -P $loader)"
       ticks() { for pid in $all; do cut -d' ' -f14,15 /proc/$pid/stat; done | awk '{ sum += $1 + $2 } END { print sum }'; }
       before=$(ticks); sleep ${SECONDS}; after=$(ticks)
       for pid in $all; do grep -h '^VmRSS:' /proc/$pid/status; done | awk '{ sum += $2 } END { print sum }'
       echo $((after - before)) $(getconf CLK_TCK)
       kill -INT $loader; wait $loader`,
      { timeout: 120 },
    );
    const [kibibytes = NaN, ticks = NaN, perSecond = NaN] = stdout.trim().split(/\s+/).map(Number);
    const percent = (ticks / perSecond / SECONDS) * 100;
    return {
      figures: [
        { what: 'resident memory, both processes, 4 CPUs', value: kibibytes / 1024, unit: 'MiB', goal: 4 },
        { what: 'CPU while idle, 10 samples a second', value: percent, unit: '%', goal: 1 },
      ],
    };
  },
};
