export type ScaleKind = 'linear' | 'log';

/** How many colours a palette has for values above 0. */
export const SHADES = 255;

/** Maps values to shades: 0 for 0, else 1 (at or below `min`) to `SHADES` (at or above `max`). */
export interface Scale {
  readonly kind: ScaleKind;
  /** The ends of the scale, in the unit of the values; 0 and 1 when there is nothing to show. */
  readonly min: number;
  readonly max: number;
  shade(value: number): number;
}

const steps = [1, 1.5, 2, 3, 5, 7.5, 10];
/** A logarithmic scale shows at most so many powers of ten below its end. */
const DECADES = 6;

/** Rounds up to a number that is easy to read, so that the colours stay put while the greatest value wavers. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (steps.find((step) => step * power >= value) ?? 10) * power;
}

/** Makes a scale for values whose smallest above 0 is `least` and whose greatest is `greatest`. */
export function makeScale(kind: ScaleKind, least: number, greatest: number): Scale {
  const max = niceCeiling(greatest);
  const last = SHADES - 1;
  if (kind === 'linear') {
    const shade = (value: number) => (value <= 0 ? 0 : 1 + rounded(last * Math.min(1, value / max)));
    return { kind, min: 0, max, shade };
  }
  const lowest = Math.max(least, max / 10 ** DECADES);
  const floor = lowest > 0 ? 10 ** Math.floor(Math.log10(lowest)) : max / 10;
  const min = floor < max ? floor : max / 10;
  const factor = last / Math.log(max / min);
  const shade = (value: number) =>
    value <= 0 ? 0 : 1 + rounded(Math.min(last, Math.max(0, Math.log(value / min) * factor)));
  return { kind, min, max, shade };
}

/** Rounds a number from 0 to 255: Math.round() makes a floating-point number, with which a picture takes twice as long. */
function rounded(value: number): number {
  return (value + 0.5) | 0;
}
