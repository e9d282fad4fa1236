import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** What `test/fuzz/run.ts` is to do. */
export interface FuzzOptions {
  /** File of the target. */
  readonly file: string;
  readonly name: string;
  readonly seconds: number;
  readonly seed: number;
  /** Only this input, and those to which it shrinks, as fast-check calls it; '' for all. */
  readonly path: string;
}

/** Reads `FILE [--seconds N] [--seed N] [--path PATH]`. @throws Error that names what is wrong with them */
export function readOptions(args: readonly string[]): FuzzOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seconds: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Error('run.ts takes the file of one target');
  const seed = wholeNumber('--seed', values.seed) ?? (Date.now() ^ process.pid) & 0x7fffffff;
  const seconds = wholeNumber('--seconds', values.seconds) ?? 60;
  return { file, name: basename(file, '.ts'), seconds, seed, path: values.path ?? '' };
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${option} takes a whole number, not ${text}`);
  return Number(text);
}
