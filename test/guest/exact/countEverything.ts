import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameOf, Row } from '../../../shared/frames/frames';
import type { Guest } from '../guest';
import { framesOf, loader, only } from '../loaderRun';

export type Backend = FrameOf<'hello'>['backend'];

export interface Run {
  readonly hello: FrameOf<'hello'>;
  readonly end: FrameOf<'end'>;
}

/** The name of a loader that counts besides one with the same backend. */
export const SECOND = 'second';

/** Sends the traffic of traffic.sh while a loader of each backend counts it, and a second of the best, all at once. */
export async function countEverything(guest: Guest, backends: readonly Backend[]) {
  for (const file of ['traffic.sh', 'tunnel.pl']) {
    await guest.run(`cat >/tmp/${file}`, { input: await readFile(join(import.meta.dirname, file)) });
  }
  const names = [...backends, SECOND];
  const stdout = await guest.run(
    `mkdir /tmp/every; cd /tmp/every; mkfifo stdin; exec 3<>stdin
    bash /tmp/traffic.sh prepare || exit
    for name in ${names.join(' ')}; do
      [ $name = ${SECOND} ] && backend=${backends[0]} || backend=$name
      ${loader} --backend $backend <stdin >$name 3<&- & loaders="$loaders $!"
    done
    for name in ${names.join(' ')}; do
      # Then it knows devices by their addresses.
      until grep -q '"type":"audit"' $name || [ $((waited++)) -gt 600 ]; do sleep 0.1; done
    done
    bash /tmp/traffic.sh send >truth || exit
    kill -INT $loaders; wait
    bash /tmp/traffic.sh end
    stat -L -c %i /proc/1/ns/net >host
    for file in host truth ${names.join(' ')}; do echo "== $file"; cat $file; done`,
    { timeout: 200 },
  );
  const files = new Map(
    stdout
      .split(/^== /m)
      .slice(1)
      .map((part): [string, string] => {
        const line = part.indexOf('\n');
        return [part.slice(0, line), part.slice(line + 1)];
      }),
  );
  const runs = new Map<string, Run>();
  for (const backend of names) {
    const frames = framesOf(files.get(backend) ?? '');
    const [hello] = only(frames, 'hello');
    const [end] = only(frames, 'end');
    if (hello === undefined || end === undefined) throw new Error(`${backend}: ${files.get(backend)}`);
    // The guest's own eth0 carries the test's commands.
    const rows = end.rows.filter(([netns]) => netns !== Number(files.get('host')));
    runs.set(backend, { hello, end: { ...end, rows } });
  }
  return { truth: (files.get('truth') ?? '').trim().split('\n').toSorted(), runs };
}

/** What traffic.sh says of every device, from the counters. */
export function totals(rows: readonly Row[]): string[] {
  const sums = new Map<string, [number, number, number]>();
  for (const [netns, ifindex, , , , , skbs, segments, bytes, instance] of rows) {
    const device = `${netns} ${ifindex} ${instance}`;
    const [a, b, c] = sums.get(device) ?? [0, 0, 0];
    sums.set(device, [a + skbs, b + segments, c + bytes]);
  }
  return [...sums].map(([device, values]) => `${device} ${values.join(' ')}`).toSorted();
}
