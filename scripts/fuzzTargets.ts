import { readdir } from 'node:fs/promises';
import { cTargets } from './fuzzC';

/** What is fuzzed, in whatever language: each is a program of its own, so that no hang and no leak reaches another one. */
export interface FuzzTarget {
  readonly name: string;
  /** Builds what `command` runs. */
  readonly build?: () => Promise<void>;
  /** A program and its arguments. It ends with 0 when it has found nothing, and prints what it found and how to see it again. */
  readonly command: (options: FuzzRun) => readonly [program: string, ...args: string[]];
}

/** How a target is run. */
export interface FuzzRun {
  readonly seconds: number;
  /** Arguments that replay a finding: the target's own business. */
  readonly replay: readonly string[];
}

const folder = 'test/fuzz/targets';

/** Every target, in the order in which they run. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return [...files.map((file) => typescriptTarget(file.replace(/\.ts$/, ''))), ...(await cTargets())];
}

function typescriptTarget(name: string): FuzzTarget {
  const command: FuzzTarget['command'] = ({ seconds, replay }) => [
    ...([process.execPath, '--import', 'tsx', 'test/fuzz/run.ts', `${folder}/${name}.ts`] as const),
    ...['--seconds', String(seconds), ...replay],
  ];
  return { name, command };
}
