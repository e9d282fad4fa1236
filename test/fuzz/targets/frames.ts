import fc from 'fast-check';
import { parseFrame } from '../../../shared/frames/frames';
import { MAX_LOG_LINE } from '../../../shared/limits';
import { frameLines } from '../frameLines';
import { target } from '../target';
import { changed } from '../texts';

/** Lines are frames or not; what was read once is read again. */
export default target({
  input: fc.oneof(changed(...frameLines), fc.json(), fc.string()),
  check: (line) => {
    const parsed = parseFrame(line);
    if (parsed.kind === 'bad' && parsed.reason.length > MAX_LOG_LINE) throw new Error('a reason without end');
    if (parsed.kind !== 'frame') return;
    const again = parseFrame(JSON.stringify(parsed.frame, counters));
    if (again.kind !== 'frame') throw new Error(`read once, and then ${JSON.stringify(again)}`);
  },
});

/** Counters beyond what a double holds are decimal strings. */
function counters(_: string, value: unknown): unknown {
  return typeof value === 'number' && value > Number.MAX_SAFE_INTEGER ? BigInt(value).toString() : value;
}
