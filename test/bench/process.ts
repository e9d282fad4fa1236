import type { Guest } from '../guest/guest';
import { loader } from '../guest/loaderRun';

/** Milliseconds from exec until the first sample is read. */
export async function firstSample(guest: Guest): Promise<number> {
  return elapsed(guest, `${loader} --interval 100 </tmp/bench/stdin`, '"seq":0');
}

/** Milliseconds from bpftrace's exec until it has attached the program that counts the same. */
export async function firstProbe(guest: Guest): Promise<number> {
  const program = 'kretfunc:vmlinux:get_rps_cpu { @[args.dev->ifindex, cpu, retval] = count(); }';
  return elapsed(guest, `bpftrace -B none -e 'BEGIN { printf("attached\\n"); } ${program}'`, '^attached');
}

async function elapsed(guest: Guest, command: string, text: string): Promise<number> {
  const stdout = await guest.run(
    `cd /tmp/bench; exec 3<>stdin; rm -f line; mkfifo line
     began=$(date +%s%N)
     ${command} >line 2>/dev/null & started=$!
     exec 4<line
     grep -q -m 1 '${text}' <&4
     echo $(( $(date +%s%N) - began ))
     kill -INT $started; cat <&4 >/dev/null; wait $started; exec 4<&-`,
    { timeout: 120 },
  );
  return Number(stdout.trim()) / 1e6;
}

/** What both of the loader's processes hold in memory while they trace, and the CPU they use at 10 samples a second. */
export async function atRest(guest: Guest): Promise<{ mebibytes: number; percentOfCpu: number }> {
  const stdout = await guest.run(
    `cd /tmp/bench; exec 3<>stdin
     ${loader} --interval 100 </tmp/bench/stdin >out 2>/dev/null & loader=$!
     until grep -q '"seq":20' out; do sleep 0.2; done
     all="$loader $(pgrep -P $loader)"
     ticks() { for pid in $all; do cut -d' ' -f14,15 /proc/$pid/stat; done | awk '{ sum += $1 + $2 } END { print sum }'; }
     before=$(ticks); sleep 20; after=$(ticks)
     for pid in $all; do grep -h '^VmRSS:' /proc/$pid/status; done | awk '{ sum += $2 } END { print sum }'
     echo $((after - before)) $(getconf CLK_TCK)
     kill -INT $loader; wait $loader`,
    { timeout: 120 },
  );
  const [kibibytes = NaN, ticks = NaN, perSecond = NaN] = stdout.trim().split(/\s+/).map(Number);
  return { mebibytes: kibibytes / 1024, percentOfCpu: (ticks / perSecond / 20) * 100 };
}
