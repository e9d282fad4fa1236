import { expect, it } from 'vitest';
import type { Row } from '../../../shared/frames/frames';
import { bootForTests } from '../bootForTests';
import { compare, countedBy, shownBy } from '../filterComparison';
import { someExpressions } from '../filterExpressions';
import { prepareTraffic } from '../filterTraffic';
import type { Guest } from '../guest';
import type { Architecture } from '../architecture';
import type { KernelName } from '../kernels';
import { tellsWriters } from '../maskWriters';
import { countEverything, SECOND, totals, type Backend, type Run } from './countEverything';
import { bootWithLoader, decisions, framesOf, keyOf, LO, loader, only, whileTracing } from '../loaderRun';

/** A kernel, and which backends it allows, the best first. */
export interface Host {
  readonly kernel: KernelName;
  readonly arch: Architecture;
  readonly backends: readonly [Backend, ...Backend[]];
}

/** How often tracing begins and ends under load, by all backends together. */
const TIMES = 51;
/** What tracing leaves in the kernel and among the processes: attached functions, probes, the loader. */
const leftBehind =
  'cat /sys/kernel/tracing/enabled_functions /sys/kernel/debug/kprobes/list; pgrep -a rpstrace || true';

/** What the kernel has said, but for its surprise at how slow an emulated CPU is. */
const messages =
  "dmesg | grep -vE 'hrtimer: interrupt took|perf: interrupt took too long|clocksource:|clocksource watchdog|TSC found unstable|sched_clock: Marking'";

/** Describes that a host's every packet is counted, by every backend that it allows. */
export function countsExactly({ kernel, arch, backends }: Host): void {
  /** Those that see every decision. */
  const complete = backends.filter((name) => name !== 'kprobe');
  const [first = backends[0]] = complete;
  let guest: Guest;
  let truth: string[];
  let runs: Map<string, Run>;

  const boot = () => bootWithLoader({ kernel, arch });
  bootForTests(boot, async (booted) => {
    guest = booted;
    ({ truth, runs } = await countEverything(guest, backends));
  });

  it('says which backends it allows, and why not the others', async () => {
    const [check] = only(framesOf(await guest.run(`${loader} --check`)), 'check');
    expect(check?.arch).toBe(arch);
    expect(check?.kernel.startsWith(`${kernel}.`)).toBe(true);
    for (const { name, state, code } of check?.backends ?? []) {
      const allowed = backends.some((each) => each === name);
      expect([name, state, code]).toEqual([
        name,
        ...(allowed ? ['supported', undefined] : ['unsupported', 'ATTACH_FAILED']),
      ]);
    }
  });

  it('takes the best one by itself', async () => {
    const [hello] = only(framesOf(await guest.run(`${loader} --duration 1`)), 'hello');
    const states = hello?.backends?.map(({ name, state }) => `${name} ${state}`);
    expect(hello?.backend).toBe(backends[0]);
    expect(states).toEqual(
      backends[0] === 'fexit'
        ? ['fexit used', 'kprobe untried', 'kretprobe untried']
        : ['fexit refused', 'kprobe used', 'kretprobe untried'],
    );
  });

  it('reads the softnet counters of every CPU', async () => {
    const show = 'cat /proc/net/softnet_stat; echo --';
    const stdout = await guest.run(`${show}; ${loader} --backend none --duration 1; echo --; ${show}`);
    const [before = [], told = [], after = []] = stdout.split('--\n').map((part) => part.trim().split('\n'));
    const [first] = only(framesOf(`${told.join('\n')}\n`), 'softnet');
    expect(first?.cpus.map(([cpu]) => cpu)).toEqual([0, 1, 2, 3]);
    for (const [place, [cpu, processed, , , ipis, , backlog]] of first?.cpus.entries() ?? []) {
      const [least, most] = [before, after].map((lines) =>
        (lines[place] ?? '').split(' ').map((column) => Number.parseInt(column, 16)),
      );
      expect(least).toHaveLength(kernel === '5.10' || kernel === '6.1' ? 13 : 15);
      expect(cpu).toBe(least?.[12]);
      expect(processed).toBeGreaterThanOrEqual(least?.[0] ?? Infinity);
      expect(processed).toBeLessThanOrEqual(most?.[0] ?? 0);
      expect(ipis).toBeGreaterThanOrEqual(least?.[9] ?? Infinity);
      expect(ipis).toBeLessThanOrEqual(most?.[9] ?? 0);
      expect(backlog).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(complete)('counts every packet of every kind exactly by %s', (name) => {
    const { hello, end } = ran(runs, name);
    expect(hello.backend).toBe(name);
    expect(end).toMatchObject({ missed: 0, lost: 0 });
    expect(totals(end.rows)).toEqual(truth);
    expect(decided(end.rows)).toBeGreaterThan(100_000);
    expect(new Set(of77(end.rows).map(([, , queue]) => queue))).toEqual(new Set([0, 1]));
    expect(new Set(of77(end.rows).map(([, , , cpu]) => cpu)).size).toBe(4);
    expect(new Set(of77(end.rows).map(([, , , , target]) => target)).size).toBe(5);
  });

  it('counts steered packets, and only those, exactly by kprobe', () => {
    const { hello, end } = ran(runs, 'kprobe');
    const all = ran(runs, 'kretprobe').end.rows;
    expect(hello.backend).toBe('kprobe');
    expect(end).toMatchObject({ missed: 0, lost: 0 });
    expect(sorted(end.rows)).toEqual(
      sorted(all.filter(([, , , cpu, target]) => target >= 0 && target !== cpu)),
    );
  });

  it('lets two loaders of one backend count everything at once', () => {
    expect(sorted(ran(runs, SECOND).end.rows)).toEqual(sorted(ran(runs, backends[0]).end.rows));
  });

  it('filters as tcpdump does, by the same expressions', async () => {
    await prepareTraffic(guest);
    const jobs = someExpressions.map((expression) => ({ expression, backend: first }));
    const outcomes = await compare(guest, jobs, ['vb', 'tun0']);
    const matched = Object.values(shownBy(outcomes)).filter(({ vb = 0, tun0 = 0 }) => vb + tun0 > 0);
    expect(matched.length).toBeGreaterThanOrEqual(40);
    expect(countedBy(outcomes)).toEqual(shownBy(outcomes));
  }, 600_000);

  it('tells which process has written a mask, and whether the kernel took it', async () => {
    await tellsWriters(guest, backends.includes('fexit') ? 'fexit' : 'kprobe');
  });

  it('has nothing to complain about', async () => {
    await complainsOfNothing(guest);
  });

  it('may be traced again and again under load, and nothing is left behind', async () => {
    // Each time changes the kernel's code, under CPUs that run it.
    await using calm = await bootWithLoader({ kernel, arch, turns: true });
    const said = await calm.run(messages);
    const times = Math.ceil(TIMES / backends.length);
    const failed = await calm.run(
      `for cpu in 0 1 2 3; do taskset -c $cpu ping -q -i 0.002 127.0.0.1 >/dev/null & pings="$pings $!"; done
      for backend in ${backends.join(' ')}; do
        for i in $(seq ${times}); do
          ${loader} --backend $backend </dev/null >/dev/null || echo "$backend: time $i ended with $?"
        done & loops="$loops $!"
      done
      for i in $(seq 5); do
        # Long enough for the audit to be attached.
        ${loader} --duration 60 </dev/null | grep -q '"type":"audit","state":"used"' || echo "no audit: time $i"
      done & loops="$loops $!"
      wait $loops; kill $pings`,
      { timeout: 500 },
    );
    expect(failed).toBe('');
    expect(await calm.run(leftBehind)).toBe('');
    expect(await calm.run(messages)).toBe(said);
    const { end } = await whileTracing(calm, 'ping -q -f -c 500 127.0.0.1 >/dev/null', '--backend kretprobe');
    expect(decisions(end.rows, LO)).toBe(1000);
    await complainsOfNothing(calm);
  }, 600_000);
}

const complainsOfNothing = async (guest: Guest) =>
  expect((await guest.runRaw("dmesg | grep -E 'WARNING|BUG|Oops|RIP:|stall'")).stdout).toBe('');

function ran(runs: ReadonlyMap<string, Run>, backend: string): Run {
  const run = runs.get(backend);
  if (run === undefined) throw new Error(`${backend} did not run`);
  return run;
}

const of77 = (rows: readonly Row[]) => rows.filter((row) => row[1] === 77);
const decided = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + row[6], 0);
const sorted = (rows: readonly Row[]) =>
  rows.map((row) => `${keyOf(row)}: ${row.slice(6, 9).join(' ')}`).toSorted();
