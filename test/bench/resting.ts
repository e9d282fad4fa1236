import { loader } from '../guest/loaderRun';
import { median, type Section } from './section';

/** The CPU is measured over several spans of time, so that one hiccup of the machine does not decide. */
const spans = [1, 2, 3, 4, 5];
/** Seconds that each takes. */
const SPAN = 8;

/**
 * What both of the loader's processes hold in memory while they trace, and the CPU they use at 10 samples a second. Measuring
 * starts no process: after each that is started, the loader looks for namespaces.
 */
export const resting: Section = {
  name: 'resting',
  async measure(bench) {
    const guest = await bench.guest();
    const stdout = await guest.run(
      `cd /tmp/bench; exec 3<>stdin
       ${loader} --interval 100 </tmp/bench/stdin >out 2>/dev/null & loader=$!
       until grep -q '"seq":20' out; do sleep 0.2; done
       all="$loader $(pgrep -P $loader)"
       look() {
         sum=0
         for pid in $all; do read -r ns rest </proc/$pid/schedstat; sum=$((sum + ns)); done
         echo $sum \${EPOCHREALTIME/./}
       }
       look; for span in ${spans.join(' ')}; do read -r -t ${SPAN} -u 3; look; done
       for pid in $all; do grep -h '^VmRSS:' /proc/$pid/status; done | awk '{ sum += $2 } END { print sum }'
       kill -INT $loader; wait $loader`,
      { timeout: 120 },
    );
    const numbers = stdout.trim().split(/\s+/).map(Number);
    const kibibytes = numbers.pop() ?? NaN;
    const percents = spans.map((span) => percent(numbers.slice(2 * span - 2, 2 * span + 2)));
    return {
      figures: [
        { what: 'resident memory, both processes, 4 CPUs', value: kibibytes / 1024, unit: 'MiB', goal: 4 },
        { what: 'CPU while idle, 10 samples a second', value: median(percents), unit: '%', goal: 1 },
      ],
      every: { 'CPU while idle': percents },
    };
  },
};

/** Two looks, each at nanoseconds on a CPU, and at the clock in microseconds. */
function percent([
  spentBefore = NaN,
  before = NaN,
  spentAfter = NaN,
  after = NaN,
]: readonly number[]): number {
  return ((spentAfter - spentBefore) / 1000 / (after - before)) * 100;
}
