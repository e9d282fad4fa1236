import { describe, expect, it } from 'vitest';
import { parseFrame } from '../../../shared/frames/frames';
import { parseFromPanel } from '../../../src/panel/fromPanel';
import { cpuMs } from '../cpuMs';

const sample = (rows: unknown) => JSON.stringify({ type: 'sample', seq: 0, ns: 1, rows });
const good = [4026531840, 2, 0, 1, 3, 'map', 10, 20, 3000, 41];

describe('a line of the loader', () => {
  it('is a frame with typed rows', () => {
    const parsed = parseFrame(sample([good]));
    expect(parsed.kind === 'frame' && parsed.frame.type === 'sample' && parsed.frame.rows).toEqual([good]);
  });

  it('has counters above 2^53 as decimal strings', () => {
    const parsed = parseFrame(sample([[...good.slice(0, 8), '18446744073709551615', 41]]));
    expect(parsed.kind === 'frame' && parsed.frame.type === 'sample' && parsed.frame.rows[0]?.[8]).toBe(
      2 ** 64,
    );
  });

  it('may have fields this extension does not know, and types it does not know', () => {
    expect(parseFrame('{"type":"sample","seq":0,"ns":1,"rows":[],"more":1}').kind).toBe('frame');
    expect(parseFrame('{"type":"weather"}').kind).toBe('later');
  });

  it.each([
    ['', 'not JSON'],
    ['Last login: Mon', 'not JSON'],
    ['{"type":"sample"', 'not JSON'],
    ['null', 'no frame type'],
    ['[]', 'no frame type'],
    ['{"type":7}', 'no frame type'],
    [sample([[...good, 1]]), ''],
    [sample([good.slice(1)]), ''],
    [sample([[...good.slice(0, 5), 'maybe', 1, 1, 1, 1]]), ''],
    [sample([[...good.slice(0, 6), -1, 1, 1, 1]]), ''],
    [sample([[...good.slice(0, 6), '1e9', 1, 1, 1]]), ''],
    [sample({}), ''],
  ])('is bad when it is %s', (line, reason) => {
    const parsed = parseFrame(line);
    expect(parsed.kind).toBe('bad');
    expect(parsed.kind === 'bad' && parsed.reason).toContain(reason);
  });
});

describe('what an older or newer loader tells of a host', () => {
  const device = { netns: 4026531840, ifindex: 2, name: 'eth0', queues: [] };
  const devices = (more: object) =>
    parseFrame(JSON.stringify({ type: 'devices', devices: [{ ...device, ...more }] }));

  it('may leave out what it does not know', () => {
    expect(devices({})).toMatchObject({ kind: 'frame', frame: { devices: [device] } });
    expect(parseFrame('{"type":"configuration"}').kind).toBe('frame');
  });

  it('may name kinds of devices that nobody has heard of', () => {
    expect(devices({ kind: 'teleporter' })).toMatchObject({ frame: { devices: [{ kind: 'other' }] } });
  });

  it('has softnet rows of seven numbers, the last of them -1 where it is unknown', () => {
    const softnet = (...row: unknown[]) =>
      parseFrame(JSON.stringify({ type: 'softnet', ns: 1, cpus: [row] })).kind;
    expect(softnet(0, 1, 2, 3, 4, 5, -1)).toBe('frame');
    expect(softnet(0, 1, 2, 3, 4, 5)).toBe('bad');
    expect(softnet(0, -1, 2, 3, 4, 5, 6)).toBe('bad');
  });
});

describe('a message of the webview', () => {
  it('is one of the known ones, or nothing', () => {
    expect(parseFromPanel({ type: 'ready' })).toEqual({ type: 'ready' });
    expect(parseFromPanel({ type: 'command', command: 'stop' })).toEqual({
      type: 'command',
      command: 'stop',
    });
    expect(parseFromPanel({ type: 'command', command: 'workbench.action.quit' })).toBeUndefined();
    expect(parseFromPanel('ready')).toBeUndefined();
  });

  it('is nothing when it is larger than anything a panel asks for', () => {
    const queue = { netns: 1, ifindex: 2, instance: 0, queue: 0, list: '0' };
    const queues = (count: number, list: string) => Array.from({ length: count }, () => ({ ...queue, list }));
    expect(parseFromPanel({ type: 'keepMasks', queues: queues(4096, '0-255') })?.type).toBe('keepMasks');
    for (const message of [
      { type: 'keepMasks', queues: queues(4097, '0') },
      { type: 'keepMasks', queues: queues(200, '0,'.repeat(24_000)) },
      { type: 'previewApply', queues: Array.from({ length: 1_000_000 }, () => 7) },
      { type: 'setCandidates', candidates: Array.from({ length: 5 }, (_, id) => ({ id, queues: [] })) },
      { type: 'show', host: 'x'.repeat(2000) },
      { type: 'previewRevert', entry: 'x'.repeat(2000) },
      { type: 'notExported', why: 'x'.repeat(100_000) },
    ]) {
      let parsed: unknown;
      expect(cpuMs(() => (parsed = parseFromPanel(message)))).toBeLessThan(1000);
      expect(parsed).toBeUndefined();
    }
  });
});
