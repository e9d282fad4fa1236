import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import type { ToPanel } from '../../shared/messages/panel';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { applyTo, loginOf, queuesOf, tuneGuest, until, type GuestTuning } from './guestTuning';
import { loader, putLoader } from './loaderRun';

/** What a device's queues have, and what is applied to them. */
const BEFORE = '1';
const AFTER = '6';
const LIST = '1-2';
const QUEUES = 2;
/** Windows that die at the same time. */
const AT_ONCE = 5;

let guest: Guest;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  await buildLoader();
  await putLoader(guest);
  // Nobody talks to it; it is looked at when all else is done.
  await guest.run(`(sleep 600 | ${loader} --guard >/tmp/silent 2>&1) >/dev/null 2>&1 </dev/null &`);
});

const path = (device: string, queue: number) => `/sys/class/net/${device}/queues/rx-${queue}/rps_cpus`;
const addDevice = (name: string) =>
  `ip link add ${name} numrxqueues ${QUEUES} numtxqueues ${QUEUES} type veth peer name ${name}p
   for queue in 0 1; do echo ${BEFORE} >/sys/class/net/${name}/queues/rx-$queue/rps_cpus; done`;
const masks = async (device: string) =>
  (await guest.run(`cat ${path(device, 0)} ${path(device, 1)}`)).trim().split('\n');
const guards = async () => (await guest.run('pgrep -fc "[r]pstrace-.* --guard" || true')).trim();

/** A window that is to die, or to stop, at a moment of an apply. Returns the moments it came to. */
async function dyingWindow(
  device: string,
  moment: string,
  seconds: number,
  signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL',
): Promise<{ moments: string[]; kill: () => void }> {
  const order = { login: loginOf(guest), device, list: LIST, seconds, moment, signal };
  const script = join(import.meta.dirname, 'dyingWindow.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'exit');
  if (signal === 'SIGKILL') await exited;
  else await until(moment, () => said.split('\n').includes(moment), 120);
  return { moments: said.trim().split('\n'), kill: () => child.kill('SIGKILL') };
}

describe('a window that is killed while it applies masks', () => {
  const before = [BEFORE, BEFORE];
  const after = [AFTER, AFTER];
  const moments: readonly (readonly [moment: string, allowed: readonly (readonly string[])[]])[] = [
    ['asked', [before]],
    ['told ready', [before]],
    ['sent write', [before]],
    ['sent apply', [before]],
    ['told checked', [before]],
    ['told applied', [before]],
    ['before confirm', [before]],
    // The confirmation is on its way or is not, as a whole.
    ['sent confirm', [before, after]],
    ['told confirmed', [after]],
    ['after confirm', [after]],
  ];
  const seconds = 10;

  it('leaves its snapshot behind when the guard’s time is up, unless it has confirmed', async () => {
    await guest.run(moments.map((_, place) => addDevice(`k${place}`)).join('\n'));
    const outcomes: (readonly [string, string[]])[] = [];
    for (let first = 0; first < moments.length; first += AT_ONCE) {
      const batch = moments.slice(first, first + AT_ONCE).map(async ([moment], index) => {
        const device = `k${first + index}`;
        const { moments: said } = await dyingWindow(device, moment, seconds);
        expect(said.at(-1)).toBe(moment);
        return [moment, device] as const;
      });
      const ended = await Promise.all(batch);
      await until('every guard has gone', async () => (await guards()) === '0', seconds + 10);
      for (const [moment, device] of ended) outcomes.push([moment, await masks(device)]);
    }
    await guest.run(moments.map((_, place) => `ip link del k${place}`).join('; '));
    for (const [place, [moment, found]] of outcomes.entries()) {
      expect(moments[place]?.[1], moment).toContainEqual(found);
    }
  });

  it('has its masks taken back in time when it stops without a word, so that nobody hears of it', async () => {
    await guest.run(addDevice('s0'));
    const { kill } = await dyingWindow('s0', 'before confirm', 5, 'SIGSTOP');
    try {
      expect(await masks('s0')).toEqual(after);
      await until('the masks are back', async () => (await masks('s0')).join() === before.join(), 15);
    } finally {
      kill();
    }
  });
});

describe('applying masks over SSH', () => {
  beforeEach(() => guest.run(`ip link del w0 2>/dev/null; ${addDevice('w0')}`));

  /** A window that sees w0 as it is now. */
  async function openWindow(): Promise<GuestTuning> {
    const tuned = await tuneGuest(loginOf(guest));
    await until('w0 is seen', () => tuned.traced.trace.devices.some(({ name }) => name === 'w0'));
    return tuned;
  }
  const marks = ({ traced }: GuestTuning) =>
    traced.messages.flatMap((message: ToPanel) => (message.type === 'marks' ? message.marks : []));
  /** The masks of w0 that the window knows of. */
  const seen = ({ traced }: GuestTuning) =>
    traced.trace.devices
      .find(({ name }) => name === 'w0')
      ?.queues.map(({ rps_cpus }) => rps_cpus)
      .join();
  const failure = ({ tuning }: GuestTuning) =>
    tuning.state.kind === 'failed' ? tuning.state.problem.code : tuning.state.kind;

  it('writes what was asked about, shows what the kernel kept, and marks it; Revert takes it back', async () => {
    await using tuned = await openWindow();
    const { tuning } = tuned;
    await applyTo(tuned, 'w0', LIST, 60);
    expect(tuned.asked[0]?.map((write) => [write.path, write.before, write.after])).toEqual([
      [path('w0', 0), BEFORE, AFTER],
      [path('w0', 1), BEFORE, AFTER],
    ]);
    expect(tuning.state).toMatchObject({ kind: 'applied', writes: [{ state: 'written', now: AFTER }, {}] });
    expect(await masks('w0')).toEqual([AFTER, AFTER]);
    await until('its mark', () => marks(tuned).some(({ what }) => what === 'applied'));
    await tuning.act({ type: 'revertApply' });
    await until('it is reverted', () => tuning.state.kind === 'reverted');
    expect(tuning.state).toMatchObject({
      why: 'asked',
      writes: [{ state: 'restored' }, { state: 'restored' }],
    });
    expect(await masks('w0')).toEqual([BEFORE, BEFORE]);
    await until('its mark', () => marks(tuned).some(({ what }) => what === 'reverted'));
    expect(tuning.history).toMatchObject([
      { outcome: 'reverted', writes: [{ before: BEFORE, after: AFTER }, {}] },
    ]);
    expect(marks(tuned).filter(({ what }) => what === 'masks')).toEqual([]);
  });

  it('takes an entry of the history back, but not what somebody else has changed since', async () => {
    await using tuned = await openWindow();
    const { tuning } = tuned;
    await applyTo(tuned, 'w0', LIST, 60);
    await tuning.act({ type: 'confirmApply' });
    await until('it is confirmed', () => tuning.state.kind === 'confirmed');
    await until('its own change is seen', () => seen(tuned) === `${AFTER},${AFTER}`);
    const pid = Number(await guest.run(`bash -c 'echo $$; echo 8 >${path('w0', 1)}'`));
    await until('the change is seen', () => seen(tuned) === `${AFTER},8`);
    expect(marks(tuned).filter(({ what }) => what === 'masks')).toMatchObject([
      { names: ['w0'], by: { writers: [{ name: 'bash', pid, uid: 0 }], count: 1 } },
    ]);
    await until('it is noted', () => tuning.history[0]?.outcome === 'confirmed');
    await tuning.act({ type: 'previewRevert', entry: tuning.history[0]?.id ?? '' });
    expect(tuning.state).toMatchObject({
      kind: 'previewed',
      problem: undefined,
      writes: [{ conflict: undefined }, { before: '8', after: BEFORE, conflict: AFTER }],
    });
    await tuning.act({ type: 'applyMasks', seconds: 60, overwrite: false });
    expect(await masks('w0')).toEqual([BEFORE, '8']);
    await tuning.act({ type: 'confirmApply' });
    await until('it is confirmed', () => tuning.state.kind === 'confirmed');
  });

  it('sees a change by somebody else before it writes, and leaves one alone that comes later', async () => {
    await using tuned = await openWindow();
    const { tuning } = tuned;
    await tuning.act({ type: 'previewApply', queues: queuesOf(tuned, 'w0', LIST) });
    await guest.run(`echo 8 >${path('w0', 1)}`);
    await tuning.act({ type: 'applyMasks', seconds: 60, overwrite: false });
    expect(failure(tuned)).toBe('MASK_CHANGED');
    expect(await masks('w0')).toEqual([BEFORE, '8']);
    await guest.run(`echo ${BEFORE} >${path('w0', 1)}`);
    await until('that is seen', () => seen(tuned) === `${BEFORE},${BEFORE}`);
    await applyTo(tuned, 'w0', LIST, 60);
    expect(tuning.state.kind).toBe('applied');
    await guest.run(`echo 8 >${path('w0', 1)}`);
    await tuning.act({ type: 'revertApply' });
    await until('it is reverted', () => tuning.state.kind === 'reverted');
    expect(tuning.state).toMatchObject({ writes: [{ state: 'restored' }, { state: 'left', now: '8' }] });
  });

  it('keeps two windows apart', async () => {
    await using one = await openWindow();
    await using other = await openWindow();
    await other.tuning.act({ type: 'previewApply', queues: queuesOf(other, 'w0', '3') });
    await applyTo(one, 'w0', LIST, 60);
    await other.tuning.act({ type: 'applyMasks', seconds: 60, overwrite: false });
    expect(failure(other)).toBe('MASK_GUARDED');
    await one.tuning.act({ type: 'confirmApply' });
    await until('it is confirmed', () => one.tuning.state.kind === 'confirmed');
    expect(await masks('w0')).toEqual([AFTER, AFTER]);
    await until('its mark', () => marks(other).some(({ what }) => what === 'masks'));
    const guard = marks(other).find(({ what }) => what === 'masks')?.by?.writers ?? [];
    expect(guard.map(({ name }) => name)).toEqual([expect.stringMatching(/^rpstrace/)]);
  });

  it('writes nothing when a queue is gone by then, when sysfs is read-only, and when the kernel refuses', async () => {
    await using tuned = await openWindow();
    const { tuning } = tuned;
    const preview = (list: string) =>
      tuning.act({ type: 'previewApply', queues: queuesOf(tuned, 'w0', list) });
    await preview('9');
    expect(tuning.state).toMatchObject({ kind: 'previewed', problem: undefined });
    await tuning.act({ type: 'applyMasks', seconds: 60, overwrite: false });
    expect(failure(tuned)).toBe('MASK_TOO_WIDE');
    await guest.run('mount -o remount,bind,ro /sys');
    await preview(LIST);
    await guest.run('mount -o remount,bind,rw /sys');
    expect(tuning.state).toMatchObject({ kind: 'previewed', problem: { code: 'SYSFS_READ_ONLY' } });
    await preview(LIST);
    await guest.run('ip link del w0');
    await tuning.act({ type: 'applyMasks', seconds: 60, overwrite: false });
    expect(failure(tuned)).toBe('QUEUE_GONE');
    await guest.run(addDevice('w0'));
  });

  it('gets its masks back when the connection is lost, and judges by them how it ended', async () => {
    await using tuned = await openWindow();
    const { tuning, traced } = tuned;
    await applyTo(tuned, 'w0', LIST, 5);
    await guest.run('pkill -KILL -u bob sshd; pkill -KILL -u bob sshd-session; true');
    await until('it is lost', () => tuning.state.kind === 'lost');
    await until('the masks are back', async () => (await masks('w0')).join() === `${BEFORE},${BEFORE}`, 15);
    await traced.trace.stop();
    await traced.trace.start(new AbortController().signal);
    await until('it is judged', () => tuning.history[0]?.outcome === 'reverted');
  });

  it('has them back before a trace that is stopped has let go of the connection', async () => {
    await using tuned = await openWindow();
    await applyTo(tuned, 'w0', LIST, 60);
    await tuned.traced.trace.stop();
    expect(tuned.tuning.state).toMatchObject({ kind: 'reverted', why: 'ended' });
    expect(await masks('w0')).toEqual([BEFORE, BEFORE]);
  });

  it('gives texts that last: the script writes what it says', async () => {
    await using tuned = await openWindow();
    const queues = queuesOf(tuned, 'w0', LIST);
    const texts = tuned.tuning.keepTexts({ type: 'keepMasks', queues });
    expect(texts.map(({ form }) => form)).toEqual(['systemd', 'udev', 'networkManager', 'script']);
    const [script] = texts.find(({ form }) => form === 'script')?.files ?? [];
    await guest.run('sh', { input: script?.text ?? 'exit 1' });
    expect(await masks('w0')).toEqual([AFTER, AFTER]);
  });
});

describe('a guard that hears nothing', () => {
  it('leaves by itself', async () => {
    const said = () => guest.run('cat /tmp/silent');
    await until('it has left', async () => (await said()).includes('"why":"nothing heard"'), 70);
  });
});

describe('candidates on a host', () => {
  it('are predicted live, beside what is real, and again after the trace has started anew', async () => {
    await guest.run('echo f >/sys/class/net/lo/queues/rx-0/rps_cpus');
    await using tuned = await tuneGuest(loginOf(guest));
    const { tuning, traced } = tuned;
    const [queue] = queuesOf(tuned, 'lo', '2');
    if (!queue) throw new Error('no queue');
    const flood = () => guest.run('ping -q -f -c 300 127.0.0.1 >/dev/null');
    const predicted = () => {
      const { predictions } = tuning.snapshot();
      return predictions.kind === 'predicting' ? predictions.candidates[0] : undefined;
    };
    await tuning.act({ type: 'setCandidates', candidates: [{ id: 5, queues: [queue] }] });
    for (const run of ['first', 'second']) {
      await until(`the ${run} run predicts`, () => predicted() !== undefined);
      await flood();
      await until('all of it is told', () => (predicted()?.spread.skbs ?? 0) >= 600);
      const { spread, real, kept, floor } = predicted() ?? {};
      expect(kept).toEqual([queue]);
      expect(spread?.cpus.map(({ cpu }) => cpu)).toEqual([2]);
      expect(real?.cpus.length).toBe(4);
      expect(floor).toBeGreaterThan(0);
      expect(floor).toBeLessThanOrEqual(1);
      await traced.trace.stop();
      await traced.trace.start(new AbortController().signal);
    }
    await tuning.act({ type: 'setCandidates', candidates: [] });
    expect(tuning.snapshot().predictions).toEqual({ kind: 'none' });
    await guest.run('echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus');
  });
});
