import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/apt';
import { run } from '../../scripts/run';
import type { FrameOf } from '../../shared/frames/frames';
import type { Guest } from './guest';
import { framesOf, loader, only } from './loaderRun';

/** The devices of namespace fb that are looked at: see filterTraffic.ts. */
export type Device = 'vb' | 'tun0' | 'wg0';

/** A loader with a filter. */
export interface Job {
  readonly expression: string;
  readonly backend: FrameOf<'hello'>['backend'];
}

/** What came of a job. */
export interface Outcome extends Job {
  /** Its rows in namespace fb, as `cpu target skbs`, by device. */
  readonly rows: ReadonlyMap<Device, readonly Decisions[]>;
  /** Packets that tcpdump shows for the expression, by device; none where it refuses it. */
  readonly shown: ReadonlyMap<Device, number>;
}

export interface Decisions {
  readonly cpu: number;
  readonly target: number;
  readonly skbs: number;
}

export const quoted = (text: string) => `'${text}'`;

/** How many programs the kernel lets hang on one function at once is about 38: BPF_MAX_TRAMP_LINKS in linux/bpf.h. */
const AT_ONCE = 22;

/** Runs the jobs, some at a time, while tcpdump records and `/tmp/send` or another script sends. */
export async function compare(
  guest: Guest,
  jobs: readonly Job[],
  devices: readonly Device[],
  send = 'sh /tmp/send',
): Promise<Outcome[]> {
  await ensurePackages(['tcpdump']);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < jobs.length; i += AT_ONCE)
    outcomes.push(...(await runSome(guest, jobs.slice(i, i + AT_ONCE), devices, send)));
  return outcomes;
}

async function runSome(
  guest: Guest,
  jobs: readonly Job[],
  devices: readonly Device[],
  send: string,
): Promise<Outcome[]> {
  const start = jobs.map(
    ({ expression, backend }, i) =>
      `${loader} --backend ${backend} --interval 60000 --filter=${quoted(expression)} <$folder/stdin >$folder/${i} 2>&1 3<&- & loaders="$loaders $!"`,
  );
  // With a snapshot length of 256 KiB, the default, tcpdump's buffer would have room for a few packets only. An aarch64 guest
  // has no user for it.
  const stdout = await guest.run(
    `folder=$(mktemp -d); cd $folder; mkfifo stdin; exec 3<>stdin
     ${start.join('\n')}
     for device in ${devices.join(' ')}; do
       ip netns exec fb tcpdump -Z root -i $device -Q in -s 300 -B 16384 -U --immediate-mode -w $device.pcap 2>$device.log &
       recorders="$recorders $!"
     done
     ready() { for n in $(seq 1200); do grep -q "$1" $2 && return; sleep 0.1; done; echo "not ready: $2"; cat $2; exit 1; }
     for device in ${devices.join(' ')}; do ready listening $device.log; done
     for i in $(seq 0 ${jobs.length - 1}); do ready '"seq":0\\|"error"' $i; done
     { ${send}
     } >&2 || exit
     sleep 1; kill -INT $loaders $recorders; wait
     stat -L -c %i /run/netns/fb
     for device in ${devices.join(' ')}; do
       ip netns exec fb cat /sys/class/net/$device/ifindex; grep -c '^0 packets dropped by kernel' $device.log
       base64 -w 0 $device.pcap; echo
     done
     for i in $(seq 0 ${jobs.length - 1}); do tail -n 1 $i; done; rm -r $folder`,
    { timeout: 300 },
  );
  const [namespace, ...lines] = stdout.trim().split('\n');
  const recordings = devices.map((device, i) => {
    const [ifindex, whole, pcap = ''] = lines.slice(i * 3);
    if (whole !== '1') throw new Error(`tcpdump did not see everything on ${device}`);
    return { device, ifindex: Number(ifindex), pcap: Buffer.from(pcap, 'base64') };
  });
  const shown = await shownByTcpdump(jobs, recordings);
  return lines.slice(devices.length * 3).map((line, i) => {
    const [end] = only(framesOf(`${line}\n`), 'end');
    const [job, packets] = [jobs[i], shown[i]];
    if (!end || !job || !packets) throw new Error(line);
    const rows = recordings.map(({ device, ifindex }) => {
      const own = end.rows.filter((row) => row[0] === Number(namespace) && row[1] === ifindex);
      return [device, own.map(([, , , cpu, target, , skbs]) => ({ cpu, target, skbs }))] as const;
    });
    return { ...job, rows: new Map(rows), shown: packets };
  });
}

/** Has this machine's tcpdump read the recordings: in the guest that would take minutes. */
async function shownByTcpdump(
  jobs: readonly Job[],
  recordings: readonly { device: Device; pcap: Buffer }[],
): Promise<ReadonlyMap<Device, number>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-pcap-'));
  try {
    for (const { device, pcap } of recordings) await writeFile(join(folder, `${device}.pcap`), pcap);
    const counts = jobs.flatMap(({ expression }) =>
      recordings.map(({ device }) => `tcpdump -nr ${device}.pcap ${quoted(expression)} 2>/dev/null | wc -l`),
    );
    const numbers = (await run('sh', ['-c', counts.join('\n')], { cwd: folder }))
      .trim()
      .split('\n')
      .map(Number);
    return jobs.map(
      (_, job) =>
        new Map(
          recordings.map(({ device }, i) => [device, numbers[job * recordings.length + i] ?? NaN] as const),
        ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What each loader counted, by expression and device, in a form that tests compare; `of` chooses among its rows. */
export const countedBy = (outcomes: readonly Outcome[], of: (row: Decisions) => boolean = () => true) =>
  Object.fromEntries(
    outcomes.map(({ expression, rows }) => [
      expression,
      Object.fromEntries(
        [...rows].map(([device, list]) => [device, list.filter(of).reduce((sum, row) => sum + row.skbs, 0)]),
      ),
    ]),
  );

/** What tcpdump shows, in the same form. */
export const shownBy = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(outcomes.map(({ expression, shown }) => [expression, Object.fromEntries(shown)]));

export const isSteered = ({ cpu, target }: Decisions) => target >= 0 && target !== cpu;
