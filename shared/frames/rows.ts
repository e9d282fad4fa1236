import { MAX_ROWS } from '../limits';

const U32 = 0xffffffff;
const U16 = 0xffff;
/** `map`: chosen by rps_cpus; `flow`: by the RFS flow table; `none`: get_rps_cpu() returned -1. */
export const verdicts = ['map', 'flow', 'none'] as const;
const known: readonly unknown[] = verdicts;

/**
 * Whether all of them are rows of a sample with plain numbers, as `row` in frames.ts describes them. Of a busy host that
 * are ten times 65,536 a second, for which zod takes longer than that second; what fails here is read by zod, which says why.
 */
export function arePlainRows(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_ROWS && value.every(isPlainRow);
}

function isPlainRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 10) return false;
  const row: readonly unknown[] = value;
  return (
    isWhole(row[0], 0, U32) &&
    isWhole(row[1], 0, U32) &&
    isWhole(row[2], 0, U16) &&
    isWhole(row[3], 0, U16) &&
    isWhole(row[4], -1, U16) &&
    known.includes(row[5]) &&
    isWhole(row[6], 0, Number.MAX_SAFE_INTEGER) &&
    isWhole(row[7], 0, Number.MAX_SAFE_INTEGER) &&
    isWhole(row[8], 0, Number.MAX_SAFE_INTEGER) &&
    isWhole(row[9], 0, U32)
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
