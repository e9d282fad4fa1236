import { readFile } from 'node:fs/promises';
import { buildLoader } from '../../scripts/build-loader';
import { parseFrame, type Frame, type FrameOf, type Row } from '../../shared/frames/frames';
import { bootGuest, type Guest, type GuestOptions } from './guest';

/** Where the loader is in the guest. */
export const loader = '/tmp/rpstrace';

/** The loopback device's ifindex: it is the first of every namespace. */
export const LO = 1;

export const backends = ['fexit', 'kprobe', 'kretprobe'] as const;

/** Pings from two CPUs in turn: all take the same way, so at least one of the two has it lead to another CPU. */
export const floodFromTwo = (count: number) =>
  [0, 1].map((cpu) => `taskset -c ${cpu} ping -q -f -c ${count / 2} 127.0.0.1 >/dev/null`).join('; ');

/** Boots a guest that has the loader, and RPS on every CPU for what its loopback device receives. */
export async function bootWithLoader(options: GuestOptions = {}): Promise<Guest> {
  await buildLoader();
  const guest = await bootGuest(options);
  try {
    await putLoader(guest);
    await guest.run('echo f >/sys/class/net/lo/queues/rx-0/rps_cpus');
    return guest;
  } catch (error) {
    await guest.stop();
    throw error;
  }
}

export async function putLoader(guest: Guest): Promise<void> {
  const input = await readFile(`dist/loader/rpstrace-${guest.arch}`);
  await guest.run(`cat >${loader} && chmod 755 ${loader}`, { input });
}

/** Every line of the loader's stdout as a frame. Throws at the first that is none. */
export function framesOf(stdout: string): Frame[] {
  const lines = stdout.split('\n');
  if (lines.pop() !== '') throw new Error(`the last line is not whole: ${stdout.slice(-200)}`);
  return lines.map((line) => {
    const parsed = parseFrame(line);
    if (parsed.kind !== 'frame') throw new Error(`${JSON.stringify(parsed)}: ${line}`);
    return parsed.frame;
  });
}

export function only<T extends Frame['type']>(frames: readonly Frame[], type: T): FrameOf<T>[] {
  return frames.filter((frame): frame is FrameOf<T> => frame.type === type);
}

export interface LoaderRun {
  readonly code: number;
  readonly frames: readonly Frame[];
  readonly end: FrameOf<'end'>;
  /** What the script printed. */
  readonly printed: string;
}

/**
 * Runs a shell script in the guest while the loader traces, and ends the loader by closing its stdin, unless the
 * script has ended it. The script finds the loader's process in $loader, its stdin as descriptor 3, its stdout in
 * $out, and may wait for a text there with `seen TEXT`, and for one that the last frame of a type has, or has no
 * more, with `told TYPE TEXT` and `untold TYPE TEXT`.
 */
export async function whileTracing(
  guest: Guest,
  script: string,
  options = '--interval 200',
): Promise<LoaderRun> {
  const stdout = await guest.run(`
    folder=$(mktemp -d)
    out=$folder/out
    mkfifo $folder/stdin
    soon() { for i in $(seq 300); do "$@" && return; sleep 0.1; done; cat $out; exit 1; }
    seen() { soon grep -q "$1" $out; }
    last() { grep '"type":"'$1'"' $out | tail -n 1 | grep -q $3 "$2"; }
    told() { soon last "$1" "$2"; }
    untold() { soon last "$1" "$2" -v; }
    ${loader} ${options} <$folder/stdin >$out 2>$folder/err & loader=$!
    exec 3>$folder/stdin
    seen '"seq":0'
    { ${script}
    } >$folder/printed
    exec 3>&-
    wait $loader
    echo $? $(wc -l <$out)
    cat $out $folder/printed`);
  const [head = '', ...lines] = stdout.split('\n');
  const [code = NaN, count = NaN] = head.split(' ').map(Number);
  const frames = framesOf(
    lines
      .slice(0, count)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const [end] = only(frames, 'end');
  if (end === undefined) throw new Error(`no end: ${stdout}`);
  return { code, frames, end, printed: lines.slice(count).join('\n') };
}

/** What identifies a row. */
export const keyOf = (row: Row) => [...row.slice(0, 6), row[9]].join(' ');

/** Decisions on the device with this ifindex, in any namespace. */
export function decisions(rows: readonly Row[], ifindex: number): number {
  return rows.filter((row) => row[1] === ifindex).reduce((sum, row) => sum + row[6], 0);
}
