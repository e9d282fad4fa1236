/** CPU time that some work takes, milliseconds: unlike the time on the clock it does not grow with what else runs. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
