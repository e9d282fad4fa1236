import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Player } from '../../../src/recording/player';
import { Recording } from '../../../src/recording/recording';
import { fileSource } from '../../../src/recording/source';
import { Store } from '../../../webview/store/store';

/** A minute and a half of the demo's guest, as scripts/record-fixtures.ts has recorded it. */
const path = new URL('../../fixtures/demo.rpsrec', import.meta.url).pathname;

describe('a recording of a real host, made by an earlier build', () => {
  it('is small, and has every block', async () => {
    expect((await stat(path)).size).toBeLessThan(100_000);
    const recording = await Recording.open(await fileSource(path));
    expect(recording.positions).toBeGreaterThan(80);
    for (const number of recording.blocks.keys()) await recording.read(number);
    await recording.close();
  });

  it('has the time of day run as long as the clock of the host', async () => {
    const recording = await Recording.open(await fileSource(path));
    const [first, last] = [recording.blocks[0], recording.blocks.at(-1)];
    const ran = ((last?.to ?? 0) - (first?.from ?? 0)) / 1e6;
    expect(recording.end - (first?.time ?? 0)).toBeCloseTo(ran, 0);
    await recording.close();
  });

  it('shows what the host was, and what was steered there', async () => {
    const recording = await Recording.open(await fileSource(path));
    const store = new Store();
    const player = new Player(recording, (message) => {
      if (message.type !== 'playback') store.apply(message);
    });
    await player.seek(recording.positions >> 1);
    expect(Math.max(...store.matrix.rate)).toBeGreaterThan(0);
    const before = Math.max(...store.matrix.total);
    await player.seek(recording.positions - 1);
    expect(store.facts?.cpus).toHaveLength(4);
    expect(store.facts?.backend).toBe('fexit');
    expect(store.devices.map(({ name }) => name)).toContain('eth0');
    expect(Math.max(...store.matrix.total)).toBeGreaterThan(before);
    expect(Math.max(...store.matrix.rate)).toBe(0);
    player.dispose();
    await recording.close();
  });
});
