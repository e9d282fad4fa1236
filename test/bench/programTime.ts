import { z } from 'zod';
import type { Guest } from '../guest/guest';

/** Something that is attached to the kernel while packets flow. */
export interface Variant {
  /** Runs until it is interrupted. */
  readonly command: string;
  readonly rfs?: boolean;
  /** A shell script that runs once it is attached; its stdin is descriptor 3. */
  readonly then?: string;
}

const programs = z.array(
  z.object({ type: z.string(), run_time_ns: z.number().optional(), run_cnt: z.number().optional() }),
);

/** Pings of the loopback while something is measured: two decisions each. */
const PINGS = 5000;

/**
 * Nanoseconds that the programs of a variant take for one decision, by the kernel's own account (bpf_stats): their
 * bodies and one reading of the clock, without the way into them.
 */
export async function nanoseconds(guest: Guest, name: string, variant: Variant): Promise<number> {
  const rfs = variant.rfs === true ? 32768 : 0;
  const stdout = await guest.run(
    `cd /tmp/bench; exec 3<>stdin # it never ends
     echo ${rfs} >/proc/sys/net/core/rps_sock_flow_entries
     echo ${rfs} >/sys/class/net/lo/queues/rx-0/rps_flow_cnt
     running() { bpftool prog show | grep -cE '^[0-9]+: (tracing|kprobe) '; }
     ${variant.command} >/tmp/bench/out 2>&1 & attached=$!
     until [ $(running) -gt 0 ] || [ $((tries++)) -gt 100 ]; do sleep 0.2; done
     ${variant.then ?? ''}
     sleep 2
     ping -q -f -c ${PINGS} 127.0.0.1 >/dev/null
     bpftool prog show -j
     kill -INT $attached; wait $attached
     until [ $(running) = 0 ]; do sleep 0.2; done
     echo 0 >/proc/sys/net/core/rps_sock_flow_entries
     echo 0 >/sys/class/net/lo/queues/rx-0/rps_flow_cnt`,
    { timeout: 120 },
  );
  const ran = programs
    .parse(JSON.parse(stdout))
    .filter(({ type, run_cnt = 0 }) => /^(tracing|kprobe)$/.test(type) && run_cnt > 0);
  if (ran.length === 0) throw new Error(`${name} did not run: ${stdout}`);
  const ns = ran.reduce((sum, { run_time_ns = 0 }) => sum + run_time_ns, 0);
  const runs = Math.max(...ran.map(({ run_cnt = 0 }) => run_cnt));
  return ns / runs;
}
