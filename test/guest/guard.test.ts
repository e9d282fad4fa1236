import { beforeEach, describe, expect, it } from 'vitest';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { deviceIn, GuardedGuest, QUEUES, setAll, setMask, writeLine } from './guarding';
import { loader } from './loaderRun';

let guest: Guest;
let guarded: GuardedGuest;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  guarded = await GuardedGuest.prepare(guest);
});
beforeEach(() => guest.run(setAll('1')));

const before = ['1', '1', '1', '1'];
const after = ['6', '6', '6', '6'];

describe('a guard', () => {
  it('writes masks, reads back what the kernel kept, and leaves them when somebody confirms', async () => {
    const { status, frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' check; seen checked; tell 'apply 60'; seen applied; tell confirm; seen confirmed`,
    );
    expect(status).toBe(0);
    expect(frames.map(({ state }) => state)).toEqual(['ready', 'checked', 'applied', 'confirmed']);
    expect(frames[2]?.writes).toEqual(
      Array.from({ length: QUEUES }, (_, queue) => ({ queue, state: 'written', before: '1', now: '6' })),
    );
    expect(await guarded.masks()).toEqual(after);
  });

  it('takes them back when nobody confirms in time', async () => {
    const { frames } = await guarded.guarding(`tell '${guarded.writes('6')}' 'apply 1'; seen reverted`);
    expect(frames.at(-1)).toMatchObject({ state: 'reverted', why: 'time is up' });
    expect(await guarded.masks()).toEqual(before);
  });

  it.each([
    ['its stdin ends', 'exec 3>&-; seen reverted'],
    ['it is told to', 'tell revert; seen reverted'],
    ['it is hung up on', 'kill -HUP $guard; seen reverted'],
    ['it is terminated', 'kill -TERM $guard; seen reverted'],
  ])('takes them back when %s', async (_, end) => {
    await guarded.guarding(`tell '${guarded.writes('6')}' 'apply 60'; seen applied; ${end}`);
    expect(await guarded.masks()).toEqual(before);
  });

  it('has them taken back even when it is killed at any moment', async () => {
    const rounds = Array.from(
      { length: 15 },
      (_, round) => `
        mkfifo $folder/in${round}
        ${loader} --guard <$folder/in${round} >$folder/out${round} 2>/dev/null & killed=$!
        exec 4>$folder/in${round}
        printf '%s\\n' '${guarded.writes('6')}' 'apply 60' >&4
        sleep 0.0${round}; kill -KILL $killed; wait $killed
        exec 4>&-
        soon '! pgrep -x rpstrace | grep -qv "^$guard\\$"'
        [ "$(masks)" = 1111 ] || exit 1`,
    );
    await guarded.guarding(rounds.join('\n'));
    expect(await guarded.masks()).toEqual(before);
  });

  it('writes nothing when a mask is not what was expected', async () => {
    await guest.run(setMask(3, '2'));
    const { status, frames } = await guarded.guarding(`tell '${guarded.writes('6')}' 'apply 60'; seen error`);
    expect(status).toBe(1);
    expect(frames.at(-1)).toMatchObject({ type: 'error', code: 'CHANGED' });
    expect(await guarded.masks()).toEqual(['1', '1', '1', '2']);
  });

  it('leaves alone what somebody else has changed meanwhile, and takes the rest back', async () => {
    const { frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' 'apply 60'; seen applied; ${setMask(2, '8')}; tell revert; seen reverted`,
    );
    expect(frames.at(-1)?.writes?.map(({ state, now }) => [state, now])).toEqual([
      ['restored', '1'],
      ['restored', '1'],
      ['left', '8'],
      ['restored', '1'],
    ]);
    expect(await guarded.masks()).toEqual(['1', '1', '8', '1']);
  });

  it('keeps a second guard away from its queues', async () => {
    const { frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' 'apply 60'; seen applied
       printf '%s\\n' '${guarded.writes('c', '6', 1)}' 'apply 60' | ${loader} --guard 2>/dev/null >$folder/second
       cat $folder/second >&2; grep -q GUARDED $folder/second || exit 1
       tell confirm; seen confirmed`,
    );
    expect(frames.at(-1)).toMatchObject({ state: 'confirmed' });
    expect(await guarded.masks()).toEqual(after);
  });

  it('says what is wrong with masks and queues, and leaves nothing written', async () => {
    const { v0 } = guarded;
    const codes: (string | undefined)[] = [];
    for (const line of [
      writeLine(v0, 0, '1', '10'),
      writeLine(v0, 0, '1', '100000000'),
      writeLine(v0, 0, '1', 'xyz'),
      writeLine(v0, 0, '1', '2 3'),
      writeLine({ ...v0, netns: '-1' }, 0, '1', '2'),
      writeLine({ ...v0, netns: `${2 ** 32 + Number(v0.netns)}` }, 0, '1', '2'),
      writeLine(v0, 9, '1', '2'),
      writeLine({ ...v0, ifindex: '99' }, 0, '1', '2'),
      writeLine({ ...v0, instance: '1' }, 0, '1', '2'),
      writeLine({ ...v0, name: 'v1' }, 0, '1', '2'),
      writeLine({ ...v0, netns: '1' }, 0, '1', '2'),
    ]) {
      const { frames } = await guarded.guarding(
        `tell '${writeLine(v0, 1, '1', '6')}' '${line}' 'apply 60'; seen error`,
      );
      codes.push(frames.at(-1)?.code);
    }
    expect(codes).toEqual([
      'TOO_WIDE',
      ...Array.from({ length: 5 }, () => 'USAGE'),
      ...Array.from({ length: 5 }, () => 'QUEUE_GONE'),
    ]);
    expect(await guarded.masks()).toEqual(before);
  });

  it('says when sysfs is read-only, and when it may not write', async () => {
    const readOnly = await guest.run(
      `unshare -m sh -c 'mount -o remount,bind,ro /sys; printf "%s\\n" "${guarded.writes('6').replaceAll('\n', '" "')}" check | ${loader} --guard' || true`,
    );
    expect(readOnly).toContain('"READ_ONLY"');
    const carol = await guest.run(`printf '%s\\n' 'write 1 1 1 lo 0 0 1' check | ${loader} --guard || true`, {
      user: 'carol',
    });
    expect(carol).toMatch(/"(NOT_PERMITTED|QUEUE_GONE)"/);
    expect(await guarded.masks()).toEqual(before);
  });

  it('takes back what it has written when it may not write all', async () => {
    await guest.run(setMask(3, '1'));
    const lines = [guarded.writes('6', '1', 3), writeLine(guarded.v0, 3, '1', '10')].join('\n');
    const { frames } = await guarded.guarding(`tell '${lines}' 'apply 60'; seen error`);
    expect(frames.at(-1)?.code).toBe('TOO_WIDE');
    expect(await guarded.masks()).toEqual(before);
  });

  it('takes them back when nobody reads what it says any more', async () => {
    const { printed } = await guarded.guarding(
      `mkfifo $folder/stdin2; ${loader} --guard <$folder/stdin2 2>/dev/null | head -n 3 | grep -o applied & reader=$!
       exec 4>$folder/stdin2; printf '%s\\n' '${guarded.writes('6')}' 'apply 600' >&4
       wait $reader; soon '[ "$(masks)" = 1111 ]'; exec 4>&-`,
    );
    expect(printed).toEqual(['applied']);
    expect(await guarded.masks()).toEqual(before);
  });

  it('takes them back in time while its reader reads nothing', async () => {
    // With its last frame a reader that has read nothing is 30 frames behind: more than a pipe holds.
    const { printed } = await guarded.guarding(
      `mkfifo $folder/in2 $folder/out2; ${loader} --guard <$folder/in2 >$folder/out2 2>/dev/null & slow=$!
       exec 4>$folder/in2 5<$folder/out2
       perl -e 'use Fcntl; open my $pipe, ">", $ARGV[0] or die; fcntl $pipe, F_SETFL, O_NONBLOCK; 1 while syswrite $pipe, "x" x 4096' $folder/out2
       printf '%s\\n' '${guarded.writes('6')}' 'apply 1' >&4
       soon '[ "$(masks)" = 6666 ]'; soon '[ "$(masks)" = 1111 ]'; wait $slow; echo ended; exec 4>&- 5<&-`,
    );
    expect(printed).toEqual(['ended']);
  });

  it.each([
    ['that is not whole', 'confirm'],
    ['with a NUL in it', 'confirm\\0\\n'],
    ['that is the end of one that is too long', `${'x'.repeat(65 * 4096)}confirm\\n`],
  ])('takes no confirmation by a line %s', async (_, line) => {
    await guest.run('cat >/tmp/line', { input: line.replace('\\n', '\n').replace('\\0', '\0') });
    await guarded.guarding(
      `tell '${guarded.writes('6')}' 'apply 60'; seen applied; cat /tmp/line >&3; exec 3>&-; seen reverted`,
    );
    expect(await guarded.masks()).toEqual(before);
  });
});

describe('a guard with many queues', () => {
  const MOST = 4096;
  const write = (queue: number, line: string) => line.replace(' v0 0 ', ` v0 ${queue} `);

  it('writes more than a process may usually open files, and takes all back', async () => {
    const count = 1500;
    await guest.run(
      `ip netns add wide; ip link add w0 netns wide numrxqueues ${count} type veth peer name w1 netns wide`,
    );
    const wide = await deviceIn(guest, 'wide', 'w0');
    const lines = Array.from({ length: count }, (_, queue) => writeLine(wide, queue, '0', '6'));
    await guest.run('cat >/tmp/lines', { input: `${lines.join('\n')}\napply 60\n` });
    const masks = `ip netns exec wide sh -c 'cat /sys/class/net/w0/queues/rx-*/rps_cpus' | sort | uniq -c`;
    const { frames, printed } = await guarded.guarding(
      `cat /tmp/lines >&3; seen applied; ${masks}; kill -TERM $guard; seen reverted; ${masks}`,
    );
    expect(frames.at(-1)?.writes?.length).toBe(count);
    expect(printed.map((line) => line.trim())).toEqual([`${count} 6`, `${count} 0`]);
    await guest.run('ip netns del wide');
  });

  it('refuses one more than it has room for', async () => {
    const line = writeLine(guarded.v0, 0, '1', '6');
    const lines = Array.from({ length: MOST + 1 }, (_, queue) => write(queue, line));
    await guest.run('cat >/tmp/lines', { input: `${lines.join('\n')}\n` });
    const { status, frames } = await guarded.guarding('cat /tmp/lines >&3; soon "! kill -0 $guard"');
    expect(status).toBe(2);
    expect(frames.at(-1)).toMatchObject({ code: 'USAGE', message: `a guard takes ${MOST} writes` });
  });
});

describe('a guard on a host with isolated CPUs', () => {
  let isolated: GuardedGuest;

  bootForTests(
    () => bootGuest({ parameters: 'isolcpus=2-3' }),
    async (booted) => void (isolated = await GuardedGuest.prepare(booted)),
  );

  it('keeps what the kernel keeps, and takes it back when the kernel refuses another mask', async () => {
    const one = writeLine(isolated.v0, 0, '1', 'e');
    const kept = await isolated.guarding(
      `tell '${one}' 'apply 60'; seen applied; tell revert; seen reverted`,
    );
    expect(kept.frames.slice(2).map(({ writes: [write] = [] }) => [write?.state, write?.now])).toEqual([
      ['written', '2'],
      ['restored', '1'],
    ]);
    const lines = [one, writeLine(isolated.v0, 1, '1', 'c')].join('\n');
    const { frames } = await isolated.guarding(`tell '${lines}' 'apply 60'; seen error`);
    expect(frames.at(-1)?.code).toBe('REFUSED');
    expect(await isolated.masks()).toEqual(before);
  });
});
