import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../../shared/frames/frames';
import type { ToPanel } from '../../../shared/messages/panel';
import type { Playback, ToPlayback } from '../../../shared/messages/playback';
import { Player } from '../../../src/recording/player';
import { Recorder } from '../../../src/recording/recorder';
import { Recording } from '../../../src/recording/recording';
import { memorySource } from '../../../src/recording/source';
import { Counts } from '../../../src/trace/counts';
import { Store } from '../../../webview/store/store';
import { devices, hello, row, sample } from './frames';

let folder: string;
let bytes: Buffer;
/** What a live panel would have shown at each position. */
const live: ReturnType<Counts['snapshot']>[] = [];

const masked = (rps_cpus: string): Frame => ({
  ...devices,
  devices: devices.devices.map((device) => ({
    ...device,
    queues: device.queues.map((queue) => ({ ...queue, rps_cpus })),
  })),
});
const written = (seq: number): Frame => ({
  ...{ type: 'audit', state: 'used', by: 'fexit', lost: 0 },
  writes: [
    {
      ...{ ns: (99.5 + seq) * 1e9, netns: 4026531840, ifindex: 1, instance: 7, queue: 0, result: 2 },
      ...{ pid: 4000 + seq, tid: 1, uid: 0, comm: 'bash', rps_cpus: String(seq % 7) },
    },
  ],
});

/** Three minutes and a bit; a row rests for a while, one comes late. */
const frames = (): Frame[] => [
  ...Array.from({ length: 150 }, (_, seq): Frame[] => [
    sample(seq, [
      row(0, 1, 10 * seq + 5),
      ...(seq % 3 === 0 ? [row(1, 2, seq * seq + 1)] : []),
      ...(seq > 70 ? [row(3, -1, seq)] : []),
    ]),
    ...(seq === 30 || seq === 75 ? [written(seq), masked(String(seq % 7))] : []),
    ...(seq === 80 ? [{ ...devices, devices: [] }] : []),
    { type: 'softnet', ns: (100 + seq) * 1e9, cpus: [[0, seq * 7, 0, 0, seq, 0, seq % 5]] },
  ]).flat(),
  { type: 'end', reason: 'stdin closed', ns: 250e9, rows: [row(0, 1, 9999)], missed: 0, lost: 0 },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-player-'));
  const path = join(folder, 'x.rpsrec');
  const counts = new Counts();
  counts.apply(hello);
  counts.apply(devices);
  const meta = { host: 'web-1', started: 1_700_000_000_000, extension: '1' };
  const recorder = await Recorder.create(
    path,
    meta,
    () => counts.opening(),
    () => expect.unreachable(),
  );
  for (const frame of frames()) {
    counts.apply(frame);
    recorder.add(frame);
    if (frame.type === 'sample' || frame.type === 'end') {
      const now = counts.snapshot();
      live.push({ ...now, keys: [...now.keys] });
    }
  }
  await recorder.finish();
  bytes = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true }));

/** A panel that shows a recording. */
async function open(content: Uint8Array) {
  const recording = await Recording.open(memorySource(content));
  const store = new Store();
  const shown: { playback?: Playback } = {};
  const player = new Player(recording, (message: ToPanel | ToPlayback) => {
    if (message.type === 'playback') shown.playback = message.playback;
    else store.apply(message);
  });
  await player.seek(0);
  return { player, store, shown, recording };
}

/** Totals and rates by row, as far as there are any, and the chart. */
function picture({ keys, totals, rates, history }: Pick<Snapshot, 'keys' | 'totals' | 'rates' | 'history'>) {
  const rows = keys.map((key, number) => [
    Object.values(key).join(),
    [...totals.slice(number * 3, number * 3 + 3)],
    [...rates.slice(number * 3, number * 3 + 3)],
  ]);
  const moving = history.series.filter(({ rates: values }) => values.some((value) => value > 0));
  const series = moving.map(({ key, rates: values }) => [`${key.by} ${key.name}`, [...values]]);
  return { rows: rows.sort(), at: [...history.at], series: series.sort(), marks: history.marks };
}
type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;
const pictureOf = ({ rows, history }: Store) =>
  picture({
    keys: rows.keys,
    totals: rows.totals.slice(0, rows.count * 3),
    rates: rows.rates.slice(0, rows.count * 3),
    history: history.all(),
  });

describe('a recording that is played', () => {
  it('shows at every position what the live panel showed, wherever it came from', async () => {
    const { player, store, shown } = await open(bytes);
    for (const position of [0, 1, 59, 60, 61, 149, 75, 122, 121, 3, 150, 149]) {
      await player.seek(position);
      expect(shown.playback?.position).toBe(position);
      const expected = live[position];
      if (!expected) return expect.unreachable();
      expect(pictureOf(store)).toEqual(picture(expected));
      expect(store.devices).toEqual(expected.devices);
    }
    player.dispose();
  });

  it('shows the same when it is played across blocks, to its end', async () => {
    const { player, store, shown } = await open(bytes);
    await player.seek(118);
    player.act({ type: 'speed', speed: 60 });
    player.act({ type: 'play' });
    await expect.poll(() => shown.playback?.playing, { timeout: 8000 }).toBe(true);
    await expect.poll(() => shown.playback?.playing, { timeout: 8000 }).toBe(false);
    expect(shown.playback?.position).toBe(150);
    expect(store.state).toEqual({ kind: 'recording', ended: true });
    const expected = live[150];
    if (!expected) return expect.unreachable();
    expect(pictureOf(store)).toEqual(picture(expected));
    player.dispose();
  });

  it('names a damaged block and goes to the next one', async () => {
    const { blocks } = await Recording.open(memorySource(bytes));
    const broken = Uint8Array.from(bytes);
    const at = (blocks[1]?.at ?? 0) + 30;
    broken[at] = (broken[at] ?? 0) ^ 4;
    const { player, shown, recording } = await open(broken);
    await player.verify();
    const number = 2;
    expect(shown.playback?.damage).toMatchObject([{ kind: 'block', number }]);
    await player.seek(70);
    expect(shown.playback?.position).toBe(recording.blocks[2]?.first);
    player.dispose();
  });

  it('tells when a position was', async () => {
    const { player, shown } = await open(bytes);
    const { time: begin = 0 } = shown.playback ?? {};
    await player.seek(42);
    expect((shown.playback?.time ?? 0) - begin).toBe(42_000);
    player.dispose();
  });
});
