import { beforeEach, describe, expect, it } from 'vitest';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { GuardedGuest, setAll } from './guarding';

let guest: Guest;
let guarded: GuardedGuest;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  guarded = await GuardedGuest.prepare(guest);
});
// What an earlier test has left would keep the next one off its queues.
beforeEach(() => guest.run(`pkill -KILL -x rpstrace; ${setAll('1')}`));

const before = ['1', '1', '1', '1'];
const isBack = `soon '[ "$(masks)" = 1111 ]'`;
const noneLeft = `soon '! pgrep -x rpstrace >/dev/null'`;
/** Applies masks and waits until they are there. */
const applied = (seconds = 600) =>
  `tell '${guarded.writes('6')}' 'apply ${seconds}'; seen applied; [ "$(masks)" = 6666 ] || exit 1; keeper=$(keeper)`;

describe('masks behind a guard', () => {
  it.each([
    ['killed', 'KILL'],
    ['stopped', 'STOP'],
  ])('are taken back at once when the keeper is %s', async (what, signal) => {
    const { frames } = await guarded.guarding(
      `${applied()}; kill -${signal} $keeper; seen reverted; ${noneLeft}`,
    );
    expect(frames.at(-1)).toMatchObject({ state: 'reverted', why: `the second process was ${what}` });
    expect(await guarded.masks()).toEqual(before);
  });

  it('are not written when the keeper cannot watch over them', async () => {
    const { frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' check; seen checked; kill -STOP $(keeper); tell 'apply 60'; soon '! kill -0 $guard'; ${noneLeft}`,
    );
    expect(frames.map(({ state }) => state)).not.toContain('applied');
    expect(await guarded.masks()).toEqual(before);
  });

  it('are taken back in time by the keeper when the guard is stopped, which then ends', async () => {
    const { status } = await guarded.guarding(`${applied(15)}; kill -STOP $guard; ${isBack}; ${noneLeft}`);
    expect(status).toBe(128 + 9);
  });

  it('are taken back long before the deadline when the connection ends while the guard is stopped', async () => {
    const { status } = await guarded.guarding(
      `${applied()}; kill -STOP $guard; exec 3>&-; ${isBack}; ${noneLeft}`,
    );
    expect(status).toBe(128 + 9);
  });

  it('are not kept by a confirmation that the guard reads when the time is up', async () => {
    await guarded.guarding(
      `${applied(15)}; kill -STOP $guard; tell confirm; sleep 15.5; kill -CONT $guard; soon '! kill -0 $guard'`,
    );
    expect(await guarded.masks()).toEqual(before);
  });

  it('are not taken back when the guard is killed after they were confirmed', async () => {
    await guarded.guarding(
      `${applied()}; tell confirm; seen confirmed; kill -KILL $guard $keeper; ${noneLeft}`,
    );
    expect(await guarded.masks()).toEqual(['6', '6', '6', '6']);
  });

  it.each(['$guard', '$keeper'])(
    'are taken back when the kernel kills %s for want of memory',
    async (victim) => {
      const { printed } = await guarded.guarding(
        `${applied()}; cat /proc/$guard/oom_score_adj /proc/$keeper/oom_score_adj
       echo 1000 >/proc/${victim}/oom_score_adj; echo f >/proc/sysrq-trigger; soon '! kill -0 ${victim}'
       ${isBack}; ${noneLeft}`,
      );
      expect(printed).toEqual(['-1000', '-1000']);
      expect(await guest.run('dmesg')).toMatch(/Out of memory[^]*rpstrace/);
    },
  );

  it('are taken back after a sleep of the host that was longer than their time', async () => {
    const { frames } = await guarded.guarding(`${applied(60)}; rtcwake -m mem -s 65 >/dev/null; ${isBack}`);
    expect(frames.at(-1)).toMatchObject({ state: 'reverted', why: 'time is up' });
  });
});
