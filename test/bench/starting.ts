import type { Guest } from '../guest/guest';
import { loader } from '../guest/loaderRun';
import { Rounds, type Section } from './section';

const ROUNDS = 7;

/** How long it takes from exec until counts arrive, against bpftrace counting the same. */
export const starting: Section = {
  name: 'starting',
  async measure(bench) {
    const guest = await bench.guest();
    const rounds = new Rounds<keyof typeof started>();
    await rounds.run(bench, ROUNDS, ['first sample', 'first probe'], (name) => elapsed(guest, started[name]));
    const sample = rounds.median('first sample');
    const probe = rounds.median('first probe');
    return {
      figures: [
        { what: 'first sample', value: sample, unit: 'ms' },
        { what: "bpftrace's first probe", value: probe, unit: 'ms' },
        { what: 'the one against the other', value: sample / probe, unit: '×', goal: 0.1 },
      ],
      every: rounds.every,
    };
  },
};

/** Commands, and a text in the line that they print when they have begun. */
const started = {
  'first sample': { command: `${loader} --interval 100 </tmp/bench/stdin`, text: '"seq":0' },
  'first probe': {
    command: `bpftrace -B none -e 'BEGIN { printf("attached\\n"); }
      kretfunc:vmlinux:get_rps_cpu { @[args.dev->ifindex, cpu, retval] = count(); }'`,
    text: '^attached',
  },
};

/**
 * Milliseconds from exec until a line with the text is read, by the shell's own clock: here, starting programs that tell
 * the time takes a fifth of what is measured.
 */
async function elapsed(guest: Guest, { command, text }: { command: string; text: string }): Promise<number> {
  const stdout = await guest.run(
    `cd /tmp/bench; exec 3<>stdin; rm -f line; mkfifo line
     began=$EPOCHREALTIME
     ${command} >line 2>/dev/null & started=$!
     exec 4<line
     grep -q -m 1 '${text}' <&4
     ended=$EPOCHREALTIME
     echo $(( \${ended/./} - \${began/./} ))
     kill -INT $started; cat <&4 >/dev/null; wait $started; exec 4<&-`,
    { timeout: 120 },
  );
  return Number(stdout.trim()) / 1000;
}
