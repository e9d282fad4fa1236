import { describe, expect, it } from 'vitest';
import { parseFrame } from '../../shared/frames/frames';
import { MAX_ALL_QUEUES, MAX_CPUS, MAX_DEVICES, MAX_FINDINGS, MAX_ROWS } from '../../shared/limits';
import { cpuMs } from './cpuMs';

/** JSON text of a list of the same thing so many times. */
const times = (count: number, item: string) => `[${`${item},`.repeat(count).slice(0, -1)}]`;
const sample = (rows: string) => `{"type":"sample","seq":0,"ns":1,"rows":${rows}}`;
const devices = (list: string) => `{"type":"devices","devices":${list}}`;
const device = (queues: string, more = '') =>
  `{"netns":1,"ifindex":2,"name":"eth0","queues":${queues}${more}}`;
const queue = '{"rx":0,"rps_cpus":"0000ffff,ffffffff","rps_flow_cnt":0}';
const row = '[4026531840,12,17,33,22,"map",123456,123456,123456789,0]';
const finding =
  '{"id":"","severity":"info","values":{},"title":"","evidence":"","explanation":"","remedy":""}';

/** Of a host larger than any for which RPS was made. */
const large = [
  ['262,144 rows', sample(times(262_144, row))],
  ['64 interfaces of 64 queues', devices(times(64, device(times(64, queue))))],
  ['a veth for each of 8000 containers', devices(times(8000, device(times(8, queue))))],
  ['8192 CPUs', `{"type":"softnet","ns":1,"cpus":${times(8192, '[1,1,1,1,1,1,1]')}}`],
] as const;

const hostile = [
  ['brackets inside each other', `{"type":"sample","x":${'['.repeat(8e6)}${']'.repeat(8e6)}}`],
  ['objects inside each other', `{"type":"sample","x":${'{"":'.repeat(2e6)}1${'}'.repeat(2e6)}}`],
  ['empty objects', `{"type":"sample","x":${times(5e6, '{}')}}`],
  ['a million keys', `{"type":"sample",${Array.from({ length: 1e6 }, (_, key) => `"${key}":1`).join()}}`],
  ['4,000,000 rows that are none', sample(times(4e6, '0'))],
  ['too many rows', sample(times(MAX_ROWS + 1, row))],
  ['queues that are none', devices(times(1, device(times(200_000, '0'))))],
  ['too many queues of many devices', devices(times(3, device(times(MAX_ALL_QUEUES / 2, queue))))],
  ['too many devices', devices(times(MAX_DEVICES + 1, device('[]')))],
  ['a device that stands on millions', devices(times(1, device('[]', `,"lower":${times(4e6, '1')}`)))],
  ['too many CPUs', `{"type":"softnet","ns":1,"cpus":${times(MAX_CPUS + 1, '[1,1,1,1,1,1,1]')}}`],
  ['findings that are none', `{"type":"findings","findings":${times(1e6, '0')}}`],
  ['too many findings', `{"type":"findings","findings":${times(MAX_FINDINGS + 1, finding)}}`],
  [
    'a finding of an endless text',
    `{"type":"findings","findings":[${finding.replace('"title":""', `"title":"${'x'.repeat(8e6)}"`)}]}`,
  ],
  [
    'predictions for too many candidates',
    `{"type":"shadow","ns":1,"candidates":${times(5, '{"id":1,"rows":[]}')}}`,
  ],
] as const;

describe('a frame', () => {
  it.each(large)('of %s is read', (_, line) => {
    expect(parseFrame(line).kind).toBe('frame');
  });

  it.each(hostile)('of %s is bad, which is soon found', (_, line) => {
    let kind = '';
    expect(cpuMs(() => (kind = parseFrame(line).kind))).toBeLessThan(2000);
    expect(kind).toBe('bad');
  });

  it('that is bad has a reason that fits into a line of the log', () => {
    const parsed = parseFrame(`{"type":"check","loader":${times(50_000, '"x"')}}`);
    expect(parsed.kind === 'bad' && parsed.reason.length).toBeLessThan(2000);
  });
});
