import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { openBrowser } from '../e2e/browser';
import { buildPanel } from '../e2e/panel/page';
import { heldMemory } from './memory';
import { HostSide, type Picture } from './panel/hostSide';
import { PanelWindow } from './panel/window';
import { median, percentile, type Bench, type Figure, type Section } from './section';

/** How long the busiest host is watched, minutes; a shorter time says less of memory, and the table tells it. */
const MINUTES = Number(process.env['RPS_TRACE_BENCH_MINUTES'] ?? 10);
/** From when on memory is to stay as it is, minutes. */
const SETTLED = 1;
/** How long the usual host is watched, seconds. */
const USUAL = 30;
const OPENINGS = 5;

/** The built panel in Chromium without a GPU, and the extension host's side of it: pace, latency, memory, opening. */
export const panel: Section = {
  name: 'panel',
  async measure(bench) {
    await buildPanel();
    const bundle = await Promise.all(['main.js', 'main.css'].map((name) => stat(`dist/webview/${name}`)));
    const kibibytes = bundle.reduce((sum, { size }) => sum + size, 0) / 1024;
    const browser = await openBrowser(['--site-per-process']);
    try {
      const usual = await withHost(browser, 64, (side) => watchUsual(side, bench));
      const busiest = await withHost(browser, 256, (side, window) => watchBusiest(side, window, bench));
      const opened = [
        {
          what: 'opening the panel, 64 CPUs, to the first picture',
          value: usual.opened,
          unit: 'ms',
          goal: 1000,
        },
        { what: 'the same with 65,536 rows', value: busiest.opened, unit: 'ms', goal: 1000 },
      ];
      return {
        figures: [
          ...busiest.figures,
          ...usual.figures,
          { what: 'webview bundle, script and styles', value: kibibytes, unit: 'KiB', goal: 300 },
          ...busiest.memory,
          ...opened,
        ],
      };
    } finally {
      await browser.close();
    }
  },
};

async function withHost<T>(
  browser: Browser,
  cpus: number,
  act: (side: HostSide, window: PanelWindow) => Promise<T>,
): Promise<T> {
  const window = await PanelWindow.open(browser);
  const side = HostSide.start(cpus, window);
  try {
    return await act(side, window);
  } finally {
    await side.end();
    await window.close();
  }
}

/** Calls `each` with every picture of a sample for some seconds; returns how many there were a second. */
async function watch(side: HostSide, seconds: number, each: (picture: Picture) => void): Promise<number> {
  const shown = new Set<string>();
  let count = 0;
  side.watch((picture) => {
    count++;
    shown.add(picture.shown);
    each(picture);
  });
  await sleep(seconds * 1000);
  side.watch(() => undefined);
  if (shown.size < 2) throw new Error(`The panel stands still: ${count} pictures, ${[...shown].join()}.`);
  return count / seconds;
}

/** 64 CPUs: how old a sample is when it is on the screen. */
async function watchUsual(side: HostSide, bench: Bench): Promise<{ opened: number; figures: Figure[] }> {
  bench.say(`64 CPUs, 4096 cells that all change, 10 samples a second, for ${USUAL} s`);
  await side.open();
  const ages: number[] = [];
  const rate = await watch(side, USUAL, ({ since }) => ages.push(since));
  bench.say(`${rate.toFixed(1)} updates a second`);
  const figures = [
    { what: 'sample to pixels, 64 CPUs, median', value: median(ages), unit: 'ms' },
    { what: 'the same, 99th percentile', value: percentile(ages, 99), unit: 'ms', goal: 100 },
  ];
  return { figures, opened: await opening(side) };
}

/** 256 CPUs: what an update costs the panel's main thread, and memory over time on both sides. */
async function watchBusiest(side: HostSide, window: PanelWindow, bench: Bench) {
  bench.say(`256 CPUs, 65,536 cells that all change, 10 samples a second, for ${MINUTES} min`);
  await side.open();
  const inspector = await window.inspect();
  const busy = await stopwatch(inspector, 'timeTicks');
  // The rest is what the main thread waits for while others have the processors.
  const own = await stopwatch(await window.inspect(), 'threadTicks');
  const note = () => Promise.all([busy.note(), own.note()]);
  const memory = async () => ({ panel: await heldBy(inspector), host: heldMemory() });
  const first = await watch(side, SETTLED * 60, () => void note());
  const settled = await memory();
  // Collecting garbage is this bench's doing, not the panel's.
  await Promise.all([busy.start(), own.start()]);
  const rest = await watch(side, (MINUTES - SETTLED) * 60, () => void note());
  const rate = (first * SETTLED + rest * (MINUTES - SETTLED)) / MINUTES;
  const ended = await memory();
  const over = `memory after ${MINUTES} min over that after ${SETTLED}`;
  return {
    figures: [
      {
        what: 'main thread per update, 65,536 cells, median',
        value: median(busy.times),
        unit: 'ms',
        goal: 16,
      },
      { what: 'the same, 99th percentile', value: percentile(busy.times, 99), unit: 'ms', goal: 33 },
      { what: 'of that on a processor, median', value: median(own.times), unit: 'ms' },
      { what: 'the same, 99th percentile', value: percentile(own.times, 99), unit: 'ms' },
      { what: 'updates a second, of 10', value: rate, unit: '' },
    ],
    memory: [
      { what: `${over}, panel`, value: ended.panel / settled.panel, unit: '×', goal: 1.1 },
      { what: `the same, extension host`, value: ended.host / settled.host, unit: '×', goal: 1.1 },
      { what: 'memory of the panel at the end', value: ended.panel / 2 ** 20, unit: 'MiB' },
    ],
    opened: await opening(side),
  };
}

/** Milliseconds to the first picture. */
async function opening(side: HostSide): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < OPENINGS; round++) times.push(await side.open());
  return median(times);
}

/**
 * Notes the milliseconds for which the panel's main thread is at work: scripts, layout, painting, garbage, messages. By
 * `timeTicks` they are those of a clock, by `threadTicks` those on a processor.
 */
async function stopwatch(inspector: CDPSession, timeDomain: 'timeTicks' | 'threadTicks') {
  await inspector.send('Performance.enable', { timeDomain });
  const times: number[] = [];
  let before = 0;
  const read = async () => {
    const { metrics } = await inspector.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const start = async () => void (before = await read());
  await start();
  const note = async () => {
    const now = await read();
    times.push(now - before);
    before = now;
  };
  return { times, start, note };
}

/** Bytes that the panel holds, garbage not counted: its objects and its arrays. */
async function heldBy(inspector: CDPSession): Promise<number> {
  await inspector.send('HeapProfiler.collectGarbage');
  const usage = await inspector.send('Runtime.getHeapUsage');
  return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
}
