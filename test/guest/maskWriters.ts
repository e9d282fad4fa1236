import { expect } from 'vitest';
import type { Guest } from './guest';
import { framesOf, loader, only, whileTracing } from './loaderRun';

/** Checks that everything is told of those who write masks, by the program that a kernel allows. */
export async function tellsWriters(guest: Guest, by: 'fexit' | 'kprobe'): Promise<void> {
  const [check] = only(framesOf(await guest.run(`${loader} --check`)), 'check');
  expect(check?.audit).toEqual({ state: 'supported', by });
  const { frames, printed } = await whileTracing(
    guest,
    `seen '"type":"audit"'
    ip netns add writers
    ip -n writers link add name w0 numrxqueues 4 numtxqueues 4 type veth peer name w1
    stat -L -c %i /proc/1/ns/net /run/netns/writers
    ip netns exec writers cat /sys/class/net/w0/ifindex
    ip netns exec writers stat -c %i /sys/class/net/w0/ /sys/class/net/w0/../w0/ | tail -1
    cd /sys/class/net/lo/queues/rx-0
    bash -c 'printf "<b>\\e[1m\\xe2\\x80\\xae\\xff" >/proc/$$/comm; echo $$; echo 3 >rps_cpus'
    bash -c 'echo 1001 >/proc/$$/loginuid; echo $$; echo zz >rps_cpus; echo 0 >rps_cpus' 2>/dev/null
    ip netns exec writers bash -c 'echo $$; echo 6 >/sys/class/net/w0/queues/rx-3/rps_cpus'
    echo f >rps_cpus
    ip netns del writers`,
  );
  const [host, netns, ifindex, instance, first, second, third] = printed.trim().split('\n').map(Number);
  const told = only(frames, 'audit');
  const lo = { netns: host, ifindex: 1, queue: 0, uid: 0 };
  expect(told[0]).toEqual({ type: 'audit', state: 'used', by, writes: [], lost: 0 });
  expect(told.at(-1)?.lost).toBe(0);
  expect(told.flatMap(({ writes }) => writes)).toMatchObject([
    { ...lo, pid: first, tid: first, comm: '<b>\x1b[1m\u202e\ufffd', result: 2, rps_cpus: '3' },
    { ...lo, pid: second, login: 1001, comm: 'bash', result: -22, rps_cpus: '3' },
    { ...lo, pid: second, login: 1001, comm: 'bash', result: 2, rps_cpus: '0' },
    { netns, ifindex, instance: (instance ?? 0) % 2 ** 29, queue: 3, pid: third, result: 2, rps_cpus: '6' },
    { ...lo, result: 2, rps_cpus: 'f' },
  ]);
}
