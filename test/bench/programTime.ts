import { z } from 'zod';
import type { Guest } from '../guest/guest';
import { median } from './section';

/** Something that is attached to the kernel while packets flow. */
export interface Variant {
  /** Runs until it is interrupted. */
  readonly command: string;
  readonly rfs?: boolean;
  /** A shell script that runs once it is attached; its stdin is descriptor 3. */
  readonly then?: string;
}

const accounts = z.array(
  z.object({ type: z.string(), run_time_ns: z.number().default(0), run_cnt: z.number().default(0) }),
);

/** How often packets flow while a variant is attached: the median counts, as in the first few an emulator translates what runs. */
const BURSTS = 15;
/** Packets in each: one decision each. */
const PACKETS = 5000;

/**
 * Has pktgen send a burst through the loopback at each start. It keeps a CPU as busy as a network card does in a host that
 * has something to do. Pings would change between processes for each packet, after which an emulated CPU has to find its
 * memory again: that takes longer than what is to be measured.
 */
export async function preparePackets(guest: Guest): Promise<void> {
  await guest.run(
    `modprobe pktgen
     echo add_device lo >/proc/net/pktgen/kpktgend_0
     for setting in "count ${PACKETS}" "clone_skb 0" "delay 0" "pkt_size 60" "dst 10.1.0.9" "flag UDPSRC_RND" \
       "udp_src_min 1000" "udp_src_max 9000"; do
       echo "$setting" >/proc/net/pktgen/lo
     done`,
  );
}

/**
 * Nanoseconds that the programs of a variant take for one decision, by the kernel's own account (bpf_stats): their
 * bodies and one reading of the clock, without the way into them. Needs preparePackets().
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
     for burst in $(seq ${BURSTS}); do
       bpftool prog show -j
       echo start >/proc/net/pktgen/pgctrl
     done
     bpftool prog show -j
     kill -INT $attached; wait $attached
     until [ $(running) = 0 ]; do sleep 0.2; done
     echo 0 >/proc/sys/net/core/rps_sock_flow_entries
     echo 0 >/sys/class/net/lo/queues/rx-0/rps_flow_cnt`,
    { timeout: 120 },
  );
  const totals = stdout.trim().split('\n').map(total);
  return median(
    totals.slice(1).map((after, burst) => {
      const before = totals[burst] ?? after;
      if (after.runs - before.runs < PACKETS) throw new Error(`${name} did not run: ${stdout}`);
      return (after.ns - before.ns) / (after.runs - before.runs);
    }),
  );
}

/** What all programs for decisions have taken, and how many decisions they have run for. */
function total(line: string): { ns: number; runs: number } {
  const programs = accounts.parse(JSON.parse(line)).filter(({ type }) => /^(tracing|kprobe)$/.test(type));
  return {
    ns: programs.reduce((sum, { run_time_ns }) => sum + run_time_ns, 0),
    runs: Math.max(...programs.map(({ run_cnt }) => run_cnt)),
  };
}
