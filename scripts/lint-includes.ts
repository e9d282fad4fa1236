import { readFile } from 'node:fs/promises';
import { machine } from 'node:os';
import { run } from './run';

/**
 * Checks that the includes of bpf/ point one way: a room includes itself and the rooms above it in the table of
 * bpf/README.md, and no two files include each other. The compiler tells what a file includes, directly or not.
 */
export async function lintIncludes(): Promise<void> {
  const rooms = await roomOrder();
  const included = await dependencies();
  const faults: string[] = [];
  for (const [file, headers] of included) {
    for (const header of headers) {
      if (!mayInclude(rooms, roomOf(file), roomOf(header))) {
        faults.push(`${file} includes ${header}, against the order of rooms in bpf/README.md`);
      }
      if (included.get(header)?.has(file)) faults.push(`${file} and ${header} include each other`);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/** The rooms in the order of the table: each may include those above it. */
async function roomOrder(): Promise<readonly string[]> {
  const table = await readFile('bpf/README.md', 'utf8');
  return [...table.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, room = '']) => room);
}

function mayInclude(rooms: readonly string[], from: string, to: string): boolean {
  if (from === to || from === '') return true;
  // The kernel side is compiled for another machine: it shares plain C types, and nothing includes it.
  if (from === 'kernel') return to === 'abi';
  if (to === 'kernel' || !rooms.includes(from) || !rooms.includes(to)) return false;
  return rooms.indexOf(to) < rooms.indexOf(from);
}

/** Every file of bpf/ with the files of bpf/ that it includes, directly or not, as paths below bpf/. */
async function dependencies(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const files = (await run('git', ['ls-files', '*.c', '*.h'], { cwd: 'bpf' })).trim().split('\n');
  const options = ['-MM', '-MG', '-I.', '-D__TARGET_ARCH_x86', `-I/usr/include/${machine()}-linux-gnu`];
  const rules = (await run('gcc', [...options, '-x', 'c', ...files], { cwd: 'bpf' }))
    .replaceAll(/\\\n\s*/g, ' ')
    .trim()
    .split('\n');
  return new Map(
    rules.map((rule) => {
      const [, file = '', ...headers] = rule.split(/\s+/);
      return [file, new Set(headers.filter((header) => files.includes(header)))] as const;
    }),
  );
}
