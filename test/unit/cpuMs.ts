import { setImmediate as turn } from 'node:timers/promises';

/** CPU time that some work takes, milliseconds: unlike the time on the clock it does not grow with what else runs. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return since(before);
}

/** CPU time of the longest turn of the event loop while some work goes on, milliseconds. */
export async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let [longest, isDone] = [0, false];
  const done = work().finally(() => (isDone = true));
  while (!isDone) {
    const before = process.cpuUsage();
    await turn();
    longest = Math.max(longest, since(before));
  }
  await done;
  return longest;
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
