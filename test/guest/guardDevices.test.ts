import { beforeEach, describe, expect, it } from 'vitest';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { addV0, deviceIn, GuardedGuest, inBlue, QUEUES, setAll, writeLine } from './guarding';

let guest: Guest;
let guarded: GuardedGuest;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  guarded = await GuardedGuest.prepare(guest);
});

const gone = { type: 'error', code: 'QUEUE_GONE' };
const states = (state: string) => Array.from({ length: QUEUES }, () => state);
const masksIn = (netns: string, name: string) =>
  `ip netns exec ${netns} sh -c 'cat /sys/class/net/${name}/queues/rx-*/rps_cpus' | tr -d '\\n'; echo`;

describe('a guard whose device', () => {
  /** v0 anew: it is another device each time, with the ifindex that it always has. */
  beforeEach(async () => {
    await guest.run(
      `ip -n blue link del v0 2>/dev/null; ip -n blue link del renamed 2>/dev/null; ${addV0()}`,
    );
    guarded.v0.instance = (await deviceIn(guest, 'blue', 'v0')).instance;
  });

  it('was deleted leaves the one alone that has got its name and ifindex', async () => {
    const { frames } = await guarded.guarding(
      `ip -n blue link del v0; ${addV0()}; tell '${guarded.writes('6')}' 'apply 60'; seen error`,
    );
    expect(frames.at(-1)).toMatchObject(gone);
    expect(await guarded.masks()).toEqual(states('1'));
  });

  it('is replaced between check and apply leaves the new one alone', async () => {
    const { frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' check; seen checked; ip -n blue link del v0; ${addV0()}; tell 'apply 60'; seen error`,
    );
    expect(frames.at(-1)).toMatchObject(gone);
    expect(await guarded.masks()).toEqual(states('1'));
  });

  it('was in a namespace whose inode another one has got leaves the other’s device alone', async () => {
    const add = (netns: string) =>
      `ip netns add ${netns}; ip link add t0 netns ${netns} index 5 type veth peer name t1 netns ${netns} index 6
       ip netns exec ${netns} sh -c 'echo 1 >/sys/class/net/t0/queues/rx-0/rps_cpus'`;
    await guest.run(add('first'));
    const planned = await deviceIn(guest, 'first', 't0');
    await guest.run('ip netns del first');
    const second = await guest.run(
      `for try in $(seq 300); do
         ip netns add try$try
         [ $(stat -L -c %i /run/netns/try$try) = ${planned.netns} ] && break; sleep 0.1
       done; echo try$try`,
    );
    const netns = second.trim();
    await guest.run(add(netns).replace(/^.*?;/, ''));
    const other = await deviceIn(guest, netns, 't0');
    expect({ ...other, instance: planned.instance }).toEqual(planned);
    const { frames, printed } = await guarded.guarding(
      `tell '${writeLine(planned, 0, '1', '6')}' 'apply 60'; seen error; ${masksIn(netns, 't0')}`,
    );
    expect(frames.at(-1)).toMatchObject(gone);
    expect(printed).toEqual(['1']);
    await guest.run(
      'for netns in $(ls /run/netns); do case $netns in try*) ip netns del $netns;; esac; done',
    );
  });

  const moved = 'ip netns add green; ip -n blue link set v0 netns green';
  const renamed = 'ip -n blue link set v0 name renamed';

  it('moves to another namespace between check and apply writes nothing', async () => {
    const { frames, printed } = await guarded.guarding(
      `tell '${guarded.writes('6')}' check; seen checked; ${moved}; tell 'apply 60'; seen error; ${masksIn('green', 'v0')}`,
    );
    await guest.run('ip netns del green');
    expect(frames.at(-1)).toMatchObject(gone);
    expect(printed).toEqual(['1111']);
  });

  it('is renamed before or after the check writes nothing', async () => {
    for (const [check, seen] of [
      ['', ''],
      ['check', 'seen checked;'],
    ]) {
      const { frames, printed } = await guarded.guarding(
        `tell '${guarded.writes('6')}' ${check}; ${seen} ${renamed}; tell 'apply 60'; seen error; ${masksIn('blue', 'renamed')}`,
      );
      expect(frames.at(-1)).toMatchObject(gone);
      expect(printed).toEqual(['1111']);
      await guest.run('ip -n blue link set renamed name v0');
    }
  });

  it.each([
    ['moves', moved, masksIn('green', 'v0')],
    ['is renamed', renamed, masksIn('blue', 'renamed')],
  ])('%s after the write takes its masks back all the same', async (_, change, masks) => {
    const { frames, printed } = await guarded.guarding(
      `tell '${guarded.writes('6')}' 'apply 60'; seen applied; ${change}; tell revert; seen reverted; ${masks}`,
    );
    await guest.run('ip netns del green 2>/dev/null || true');
    expect(frames.at(-1)?.writes?.map(({ state }) => state)).toEqual(states('restored'));
    expect(printed).toEqual(['1111']);
  });

  it('disappears before the way back says so', async () => {
    const { frames } = await guarded.guarding(
      `tell '${guarded.writes('6')}' 'apply 60'; seen applied; ip -n blue link del v0; tell revert; seen reverted; ${addV0()}`,
    );
    expect(frames.at(-1)?.writes?.map(({ state }) => state)).toEqual(states('gone'));
  });

  it('has a name that is no text is known by what frames print of it', async () => {
    await guest.run(
      `ip link add "$(printf 'x\\377y')" netns blue type veth peer name x1 netns blue
       ${inBlue('for device in /sys/class/net/x?y; do echo 1 >$device/queues/rx-0/rps_cpus; done')}`,
    );
    const device = { ...(await deviceIn(guest, 'blue', 'x?y')), name: 'x\ufffdy' };
    const { frames } = await guarded.guarding(
      `tell '${writeLine(device, 0, '1', '6')}' 'apply 60'; seen applied; tell revert; seen reverted`,
    );
    expect(frames.at(-1)?.writes).toMatchObject([{ state: 'restored', before: '1' }]);
    await guest.run(setAll('1'));
  });
});
