import type { PlannedWrite, QueueMask, ToTuning } from '../../shared/messages/tuning';
import { MaskHistory } from '../../src/tuning/maskHistory';
import { Tuning } from '../../src/tuning/tuning';
import type { Guest } from './guest';
import { traceGuest, type GuestTrace, type Login } from './guestTrace';

/** The extension's own tuning of a guest over SSH, with a memory that goes with it. */
export interface GuestTuning extends AsyncDisposable {
  readonly traced: GuestTrace;
  readonly tuning: Tuning;
  readonly messages: ToTuning[];
  /** What a person was asked to agree to, which they do. */
  readonly asked: (readonly PlannedWrite[])[];
}

export async function tuneGuest(login: Login, onAsk?: () => void): Promise<GuestTuning> {
  const traced = await traceGuest(login, {});
  const messages: ToTuning[] = [];
  const asked: (readonly PlannedWrite[])[] = [];
  const memory = new Map<string, unknown>();
  const history = new MaskHistory({
    get: (key) => memory.get(key),
    update: (key, value) => Promise.resolve(void memory.set(key, structuredClone(value))),
  });
  const ask = (_host: string, writes: readonly PlannedWrite[]) => {
    asked.push(writes);
    onAsk?.();
    return Promise.resolve(true);
  };
  const tuning = new Tuning(traced.trace, { history, ask }, (message) => messages.push(message));
  await traced.trace.start(new AbortController().signal);
  await until('devices are told', () => traced.trace.devices.length > 0);
  return { traced, tuning, messages, asked, [Symbol.asyncDispose]: () => traced[Symbol.asyncDispose]() };
}

/** The queues of a device of the guest with a mask for all of them. */
export function queuesOf({ traced }: GuestTuning, name: string, list: string): QueueMask[] {
  const device = traced.trace.devices.find((one) => one.name === name);
  if (!device) throw new Error(`no ${name} in ${traced.trace.devices.map((one) => one.name).join()}`);
  const { netns, ifindex, instance, queues } = device;
  return queues.map(({ rx }) => ({ netns, ifindex, instance, queue: rx, list }));
}

/** Previews a mask for all queues of a device, and applies it. */
export async function applyTo(
  tuned: GuestTuning,
  name: string,
  list: string,
  seconds: number,
): Promise<void> {
  await tuned.tuning.act({ type: 'previewApply', queues: queuesOf(tuned, name, list) });
  await tuned.tuning.act({ type: 'applyMasks', seconds, overwrite: false });
}

/** Waits until something is so, for half a minute at most. */
export async function until(what: string, so: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** How to reach a guest from another process. */
export const loginOf = ({ host, port, privateKeyPath, knownHostsLine }: Guest): Login => ({
  ...{ host, port, privateKeyPath, knownHostsLine },
});
