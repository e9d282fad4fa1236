import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = new URL('../../../', import.meta.url);

const matcher = z.object({
  pattern: z.object({ regexp: z.string() }),
  background: z.object({ beginsPattern: z.string(), endsPattern: z.string() }),
});
const tasksFile = z.object({
  tasks: z.array(z.object({ label: z.string(), problemMatcher: z.unknown() })),
});

/** The problem matcher of the task that F5 starts first. */
async function watchMatcher() {
  const { tasks } = tasksFile.parse(JSON.parse(await readFile(new URL('.vscode/tasks.json', root), 'utf8')));
  return matcher.parse(tasks.find(({ label }) => label === 'watch')?.problemMatcher);
}

it('VS Code learns from a watch build when it starts and ends, and where an error is', async () => {
  const { pattern, background } = await watchMatcher();
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-watch-'));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  for (const name of ['src', 'webview']) await mkdir(join(folder, name));
  await write('src/extension.ts', "export { gone } from\n  './gone';\n");
  await write('webview/main.ts', 'export const two = 2;\n');
  await write('webview/main.css', 'body { color: red }\n');
  const child = spawn(process.execPath, [new URL('scripts/bundle.mjs', root).pathname, '--watch'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    /** The problems of one build, as VS Code reads them. */
    const build = async () => {
      const first: unknown = (await lines.next()).value;
      expect(first).toMatch(new RegExp(background.beginsPattern));
      const problems: (string | undefined)[][] = [];
      for (;;) {
        const line = String((await lines.next()).value);
        if (new RegExp(background.endsPattern).test(line)) return problems;
        problems.push([...(new RegExp(pattern.regexp).exec(line) ?? [`no problem: ${line}`])].slice(1));
      }
    };
    expect(await build()).toEqual([['src/extension.ts', '2', '3', 'error', 'Could not resolve "./gone"']]);
    await write('src/extension.ts', 'export const one: number = 1;\n');
    expect(await build()).toEqual([]);
    const bundled = await readFile(join(folder, 'dist', 'extension.cjs'), 'utf8');
    const map = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(bundled)?.[1] ?? '';
    expect(JSON.parse(Buffer.from(map, 'base64').toString())).toMatchObject({
      sources: ['../src/extension.ts'],
    });
  } finally {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
