import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../scripts/panel/arguments';

const recording = new URL('../../fixtures/demo.rpsrec', import.meta.url).pathname;

describe('the arguments of npm run panel', () => {
  it('are a port and a recording, both optional', () => {
    expect(readArguments([])).toEqual({ port: 0, recording: undefined });
    expect(readArguments(['--port', '8417', recording])).toEqual({ port: 8417, recording });
  });

  it.each([
    [['--port', '65536'], '--port 65536 is no number from 0 to 65535.'],
    [['--port', '1e3'], '--port 1e3 is no number from 0 to 65535.'],
    [['--port='], '--port  is no number from 0 to 65535.'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['package.json'], 'package.json is no recording: its name does not end in .rpsrec.'],
    [['nowhere.rpsrec'], "no such file or directory, stat 'nowhere.rpsrec'"],
    [[recording, 'b.rpsrec', 'c.rpsrec'], 'One recording at a time; there is also b.rpsrec, c.rpsrec.'],
  ])('%j are refused: %s', (args, why) => {
    expect(() => readArguments(args)).toThrow(why);
  });

  it('name a file, not a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rps-trace-arguments-'));
    const path = join(folder, 'a.rpsrec');
    await mkdir(path);
    expect(() => readArguments([path])).toThrow(`${path} is no file.`);
    await rm(folder, { recursive: true });
  });
});
