import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildLoader } from '../../scripts/build-loader';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { loader, putLoader } from './loaderRun';

const QUEUES = 4;

let guest: Guest;
let netns: string;
let ifindex: string;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  await buildLoader();
  await putLoader(guest);
  await guest.run(
    `ip netns add blue
     ip link add v0 netns blue numrxqueues ${QUEUES} numtxqueues ${QUEUES} type veth peer name v1 netns blue`,
  );
  netns = (await guest.run('stat -L -c %i /run/netns/blue')).trim();
  ifindex = (await guest.run('ip netns exec blue cat /sys/class/net/v0/ifindex')).trim();
});
beforeEach(() => guest.run(inBlue(setAll('1'))));

const path = (queue: number) => `/sys/class/net/v0/queues/rx-${queue}/rps_cpus`;
const inBlue = (script: string) => `ip netns exec blue sh -c '${script}'`;
const setAll = (mask: string) =>
  Array.from({ length: QUEUES }, (_, queue) => `echo ${mask} >${path(queue)}`).join('; ');
const masks = async () =>
  (await guest.run(inBlue(`cat ${Array.from({ length: QUEUES }, (_, queue) => path(queue)).join(' ')}`)))
    .trim()
    .split('\n');

const frame = z.object({
  type: z.string(),
  state: z.string().optional(),
  why: z.string().optional(),
  code: z.string().optional(),
  writes: z
    .array(z.object({ queue: z.number(), state: z.string(), before: z.string(), now: z.string() }))
    .optional(),
});

/** Lines that tell the guard to give queues of v0 a mask, where they have `expected`. */
const writes = (mask: string, expected = '1', queues = QUEUES) =>
  Array.from(
    { length: queues },
    (_, queue) => `write ${netns} ${ifindex} v0 ${queue} ${expected} ${mask}`,
  ).join('\n');

/**
 * Runs a guard and a script beside it, which tells the guard lines by `tell`, waits by `seen TEXT`, and has it in $guard.
 * Returns what the guard said, and its status.
 */
async function guarding(script: string) {
  const stdout = await guest.run(
    `folder=$(mktemp -d); out=$folder/out; mkfifo $folder/stdin
     tell() { printf '%s\\n' "$@" >&3; }
     seen() { for i in $(seq 300); do grep -q "$1" $out && return; sleep 0.1; done; cat $out; exit 1; }
     ${loader} --guard <$folder/stdin >$out 2>/dev/null & guard=$!
     exec 3>$folder/stdin
     ${script}
     exec 3>&-
     wait $guard; echo status $?
     cat $out`,
  );
  const [, status = NaN] = /^status (\d+)$/m.exec(stdout) ?? [];
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { status: Number(status), frames: lines.map((line) => frame.parse(JSON.parse(line))) };
}

describe('a guard', () => {
  it('writes masks, reads back what the kernel kept, and leaves them when somebody confirms', async () => {
    const { status, frames } = await guarding(
      `tell '${writes('6')}' check; seen checked; tell 'apply 60'; seen applied; tell confirm; seen confirmed`,
    );
    expect(status).toBe(0);
    expect(frames.map(({ state }) => state)).toEqual(['ready', 'checked', 'applied', 'confirmed']);
    expect(frames[2]?.writes).toEqual(
      Array.from({ length: QUEUES }, (_, queue) => ({ queue, state: 'written', before: '1', now: '6' })),
    );
    expect(await masks()).toEqual(['6', '6', '6', '6']);
  });

  it('takes them back when nobody confirms in time', async () => {
    const { frames } = await guarding(`tell '${writes('6')}' 'apply 1'; seen reverted`);
    expect(frames.at(-1)).toMatchObject({ state: 'reverted', why: 'time is up' });
    expect(await masks()).toEqual(['1', '1', '1', '1']);
  });

  it.each([
    ['its stdin ends', 'exec 3>&-; seen reverted'],
    ['it is told to', 'tell revert; seen reverted'],
    ['it is hung up on', 'kill -HUP $guard; seen reverted'],
    ['it is terminated', 'kill -TERM $guard; seen reverted'],
    ['nobody reads what it says any more', 'exec 3>&-'],
  ])('takes them back when %s', async (_, end) => {
    await guarding(`tell '${writes('6')}' 'apply 60'; seen applied; ${end}`);
    expect(await masks()).toEqual(['1', '1', '1', '1']);
  });

  it('has them taken back even when it is killed at any moment', async () => {
    const rounds = Array.from(
      { length: 15 },
      (_, round) => `
        mkfifo $folder/in${round}
        ${loader} --guard <$folder/in${round} >$folder/out${round} 2>/dev/null & killed=$!
        exec 4>$folder/in${round}
        printf '%s\\n' '${writes('6')}' 'apply 60' >&4
        sleep 0.0${round}; kill -KILL $killed; wait $killed
        exec 4>&-
        for i in $(seq 100); do [ "$(${inBlue(`cat ${path(0)} ${path(3)}`)} | tr -d "\\n")" = 11 ] && break; sleep 0.05; done
        [ "$(${inBlue(`cat ${path(0)} ${path(1)} ${path(2)} ${path(3)}`)} | tr -d "\\n")" = 1111 ] || exit 1`,
    );
    await guarding(rounds.join('\n'));
    expect(await masks()).toEqual(['1', '1', '1', '1']);
  });

  it('writes nothing when a mask is not what was expected', async () => {
    await guest.run(inBlue(`echo 2 >${path(3)}`));
    const { status, frames } = await guarding(`tell '${writes('6')}' 'apply 60'; seen error`);
    expect(status).toBe(1);
    expect(frames.at(-1)).toMatchObject({ type: 'error', code: 'CHANGED' });
    expect(await masks()).toEqual(['1', '1', '1', '2']);
  });

  it('leaves alone what somebody else has changed meanwhile, and takes the rest back', async () => {
    const { frames } = await guarding(
      `tell '${writes('6')}' 'apply 60'; seen applied; ${inBlue(`echo 8 >${path(2)}`)}; tell revert; seen reverted`,
    );
    expect(frames.at(-1)?.writes?.map(({ state, now }) => [state, now])).toEqual([
      ['restored', '1'],
      ['restored', '1'],
      ['left', '8'],
      ['restored', '1'],
    ]);
    expect(await masks()).toEqual(['1', '1', '8', '1']);
  });

  it('keeps a second guard away from its queues', async () => {
    const { frames } = await guarding(
      `tell '${writes('6')}' 'apply 60'; seen applied
       printf '%s\\n' '${writes('c', '6', 1)}' 'apply 60' | ${loader} --guard 2>/dev/null >$folder/second
       cat $folder/second >&2; grep -q GUARDED $folder/second || exit 1
       tell confirm; seen confirmed`,
    );
    expect(frames.at(-1)).toMatchObject({ state: 'confirmed' });
    expect(await masks()).toEqual(['6', '6', '6', '6']);
  });

  it('says what is wrong with masks and queues, and leaves nothing written', async () => {
    const codes: (string | undefined)[] = [];
    for (const lines of [
      `write ${netns} ${ifindex} v0 0 1 10`,
      `write ${netns} ${ifindex} v0 0 1 100000000`,
      `write ${netns} ${ifindex} v0 0 1 xyz`,
      `write ${netns} ${ifindex} v0 9 1 2`,
      `write ${netns} 99 v9 0 1 2`,
      `write 1 ${ifindex} v0 0 1 2`,
    ]) {
      const { frames } = await guarding(
        `tell 'write ${netns} ${ifindex} v0 1 1 6' '${lines}' 'apply 60'; seen error`,
      );
      codes.push(frames.at(-1)?.code);
    }
    expect(codes).toEqual(['TOO_WIDE', 'USAGE', 'USAGE', 'QUEUE_GONE', 'QUEUE_GONE', 'QUEUE_GONE']);
    expect(await masks()).toEqual(['1', '1', '1', '1']);
  });

  it('says when sysfs is read-only, and when it may not write', async () => {
    const readOnly = await guest.run(
      `unshare -m sh -c 'mount -o remount,bind,ro /sys; printf "%s\\n" "${writes('6').replaceAll('\n', '" "')}" check | ${loader} --guard' || true`,
    );
    expect(readOnly).toContain('"READ_ONLY"');
    const carol = await guest.run(`printf '%s\\n' 'write 1 1 lo 0 0 1' check | ${loader} --guard || true`, {
      user: 'carol',
    });
    expect(carol).toMatch(/"(NOT_PERMITTED|QUEUE_GONE)"/);
    expect(await masks()).toEqual(['1', '1', '1', '1']);
  });

  it('copes with a queue that disappears between the look and the write, and before the way back', async () => {
    const gone = 'ip -n blue link del v0';
    const again = `ip link add v0 netns blue index ${ifindex} numrxqueues ${QUEUES} numtxqueues ${QUEUES} type veth peer name v1 netns blue`;
    const before = await guarding(
      `tell '${writes('6')}' check; seen checked; ${gone}; tell 'apply 60'; seen error; ${again}; ${inBlue(setAll('1'))}`,
    );
    expect(before.frames.at(-1)).toMatchObject({ code: 'QUEUE_GONE' });
    const after = await guarding(
      `tell '${writes('6')}' 'apply 60'; seen applied; ${gone}; tell revert; seen reverted; ${again}`,
    );
    expect(after.frames.at(-1)?.writes?.map(({ state }) => state)).toEqual(['gone', 'gone', 'gone', 'gone']);
  });
});
