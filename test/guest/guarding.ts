import { z } from 'zod';
import { buildLoader } from '../../scripts/build-loader';
import type { Guest } from './guest';
import { loader, putLoader } from './loaderRun';

/** Receive queues of v0, the device that guards write to in the namespace `blue`. */
export const QUEUES = 4;

const frame = z.object({
  type: z.string(),
  state: z.string().optional(),
  why: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  writes: z
    .array(z.object({ queue: z.number(), state: z.string(), before: z.string(), now: z.string() }))
    .optional(),
});

/** A device as lines to a guard name it. */
export interface GuardedDevice {
  readonly netns: string;
  readonly ifindex: string;
  instance: string;
  readonly name: string;
}

/** A command in the namespace `blue`. */
export const inBlue = (script: string) => `ip netns exec blue sh -c '${script}'`;

const pathOf = (queue: number) => `/sys/class/net/v0/queues/rx-${queue}/rps_cpus`;

/** Gives one queue of v0 a mask. */
export const setMask = (queue: number, mask: string) => inBlue(`echo ${mask} >${pathOf(queue)}`);

const all = Array.from({ length: QUEUES }, (_, queue) => queue);

/** Gives all queues of v0 a mask. */
export const setAll = (mask: string) =>
  inBlue(all.map((queue) => `echo ${mask} >${pathOf(queue)}`).join('; '));

/** Creates v0, whose masks are 1, with an ifindex of its own in blue. */
export const addV0 = (ifindex = '77') =>
  `ip link add v0 netns blue index ${ifindex} numrxqueues ${QUEUES} numtxqueues ${QUEUES} type veth peer name v1 netns blue
   ${setAll('1')}`;

/** A guest with v0 in `blue`, and what is done with guards there. */
export class GuardedGuest {
  private constructor(
    readonly guest: Guest,
    readonly v0: GuardedDevice,
  ) {}

  static async prepare(guest: Guest): Promise<GuardedGuest> {
    await buildLoader();
    await putLoader(guest);
    await guest.run(`ip netns add blue; ${addV0()}`);
    return new GuardedGuest(guest, await deviceIn(guest, 'blue', 'v0'));
  }

  /** The masks of v0, of queue 0 first. */
  async masks(): Promise<string[]> {
    return (await this.guest.run(inBlue(`cat ${all.map(pathOf).join(' ')}`))).trim().split('\n');
  }

  /** Lines that tell the guard to give queues of v0 a mask, where they have `expected`. */
  writes(mask: string, expected = '1', queues = QUEUES): string {
    return all
      .slice(0, queues)
      .map((queue) => writeLine(this.v0, queue, expected, mask))
      .join('\n');
  }

  /**
   * Runs a guard and a script beside it, which tells the guard lines by `tell`, waits by `seen TEXT` and by `soon COMMAND`, and has
   * it in $guard and its keeper in `$(keeper)`. Returns what the guard said, what the script printed, and the guard's status.
   */
  async guarding(script: string) {
    const stdout = await this.guest.run(
      `folder=$(mktemp -d); out=$folder/out; mkfifo $folder/stdin
       tell() { printf '%s\\n' "$@" >&3; }
       soon() { for i in $(seq 300); do eval "$1" && return; sleep 0.1; done; echo "never: $1"; cat $out; exit 1; }
       seen() { soon "grep -q '$1' $out"; }
       keeper() { pgrep -P $guard; }
       masks() { ${inBlue(`cat ${all.map(pathOf).join(' ')}`)} | tr -d '\\n'; }
       ${loader} --guard <$folder/stdin >$out 2>/dev/null & guard=$!
       exec 3>$folder/stdin
       ${script}
       exec 3>&-
       wait $guard; echo status $?
       cat $out`,
    );
    const [, status = NaN] = /^status (\d+)$/m.exec(stdout) ?? [];
    const lines = stdout.split('\n');
    const frames = lines.filter((line) => line.startsWith('{'));
    return {
      status: Number(status),
      frames: frames.map((line) => frame.parse(JSON.parse(line))),
      printed: lines.slice(0, lines.indexOf(`status ${status}`)),
    };
  }
}

/** Tells a guard to give a queue a mask. */
export const writeLine = (
  { netns, ifindex, instance, name }: GuardedDevice,
  queue: number,
  expected: string,
  mask: string,
) => `write ${netns} ${ifindex} ${instance} ${name} ${queue} ${expected} ${mask}`;

/** A device of a namespace as the frame `devices` names it. */
export async function deviceIn(guest: Guest, netns: string, name: string): Promise<GuardedDevice> {
  const [inode = '', ifindex = '', directory = ''] = (
    await guest.run(
      `stat -L -c %i /run/netns/${netns}
       ip netns exec ${netns} sh -c 'cat /sys/class/net/${name}/ifindex; stat -L -c %i /sys/class/net/${name}'`,
    )
  ).split('\n');
  // See RPS_INSTANCE in bpf/abi/counters.h.
  const instance = String(BigInt(directory) & ((1n << 29n) - 1n));
  return { netns: inode, ifindex, instance, name };
}
