import { accessSync, constants, statSync } from 'node:fs';
import { parseArgs } from 'node:util';

export const usage =
  'usage: npm run panel [-- [--port N] [FILE.rpsrec]]  (port 0, the default: any free one)';

export interface Arguments {
  /** 0: any free port. */
  readonly port: number;
  /** The path of a recording, as it was given. */
  readonly recording: string | undefined;
}

/** Reads the arguments of `npm run panel`. @throws Error that says which one is wrong, and why */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535)
    throw new Error(`--port ${values.port} is no number from 0 to 65535.`);
  const [recording, ...more] = positionals;
  if (more.length > 0) throw new Error(`One recording at a time; there is also ${more.join(', ')}.`);
  if (recording !== undefined) checkRecording(recording);
  return { port, recording };
}

function checkRecording(path: string): void {
  if (!path.endsWith('.rpsrec'))
    throw new Error(`${path} is no recording: its name does not end in .rpsrec.`);
  if (!statSync(path).isFile()) throw new Error(`${path} is no file.`);
  accessSync(path, constants.R_OK);
}
