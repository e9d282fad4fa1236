/** Seconds with the largest unit that leaves no rest worth telling. */
export function span(
  seconds: number,
  unit: { readonly second: string; readonly minute: string; readonly hour: string },
): string {
  if (seconds < 60 || (seconds < 600 && seconds % 60 !== 0)) return `${Math.round(seconds)} ${unit.second}`;
  return seconds < 3600
    ? `${Math.round(seconds / 60)} ${unit.minute}`
    : `${Math.round(seconds / 360) / 10} ${unit.hour}`;
}
