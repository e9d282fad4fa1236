import { describe, expect, it } from 'vitest';
import { parseFrame, type MaskWrite } from '../../../shared/frames/frames';
import { Counts } from '../../../src/trace/counts';
import { changes } from '../../../src/trace/marks';
import { MaskWriters } from '../../../src/trace/maskWriters';
import { device } from '../tuning/scene';

/** A write to queue 0 of eth0, a second of the host's clock in, by a shell. */
const write = (more: Partial<MaskWrite> = {}): MaskWrite => ({
  ...{ ns: 10.5e9, netns: 7, ifindex: 2, instance: 5, queue: 0 },
  ...{ pid: 4711, tid: 4711, uid: 0, comm: 'bash', result: 2, rps_cpus: '3' },
  ...more,
});
/** As of a mask with more CPUs than the loader tells of. */
const { rps_cpus, ...wide } = write();
const bash = { name: 'bash', pid: 4711, uid: 0 };
const tuned = { name: 'tuned', pid: 800, uid: 0 };
const byTuned = { pid: 800, tid: 801, comm: 'tuned' };

/** The marks of a change of eth0's masks from `before` to `after`, seen at second 11. */
function marks(before: string[], after: string[], ...writes: MaskWrite[]) {
  const writers = new MaskWriters();
  writers.add(writes);
  return changes([device('eth0', before)], [device('eth0', after)], 11, undefined, writers);
}

describe('a change of masks', () => {
  it('names the process that has made it, at the time when it did', () => {
    expect(marks(['f'], ['3'], write())).toEqual([
      { at: 10.5, what: 'masks', names: ['eth0'], count: 1, by: { writers: [bash], count: 1 } },
    ]);
  });

  it('is not blamed on who wrote what was there, was refused, or wrote to another queue', () => {
    const [mark, ...others] = marks(
      ['f', '0'],
      ['3', '0'],
      write({ ...byTuned, ns: 9e9, rps_cpus: '0f' }),
      { ...wide, ...byTuned, result: -22 },
      write({ ...byTuned, queue: 1 }),
      write({ ...byTuned, instance: 4 }),
      write(),
      write({ ...byTuned, ns: 10.7e9 }),
    );
    expect(others).toEqual([]);
    expect(mark).toMatchObject({ at: 10.5, by: { writers: [bash], count: 1 } });
  });

  it('names nobody where nobody is known', () => {
    const [mark] = marks(['f'], ['7'], write());
    expect(mark).toEqual({ at: 11, what: 'masks', names: ['eth0'], count: 1 });
  });

  it('names all who had a part in it, in their order, and those who write later at the next one', () => {
    const writers = new MaskWriters();
    writers.add([write({ rps_cpus: '1' }), write(byTuned), write({ rps_cpus: 'f' })]);
    const see = (before: string, after: string) =>
      changes([device('eth0', [before])], [device('eth0', [after])], 11, undefined, writers)[0]?.by;
    expect(see('f', '3')).toEqual({ writers: [bash, tuned], count: 2 });
    expect(see('3', 'f')).toEqual({ writers: [bash], count: 1 });
    expect(see('f', '3')).toBeUndefined();
  });

  it('tells by time where the kernel tells of no mask, and forgets who has changed nothing in a minute', () => {
    expect(marks(['f'], ['3'], wide)[0]?.by?.writers).toEqual([bash]);
    expect(marks(['f'], ['3'], { ...wide, ...byTuned }, { ...wide, ns: 80e9 })[0]?.by?.writers).toEqual([
      bash,
    ]);
  });

  it('is one mark for all interfaces that the same process has changed, and another for each other one', () => {
    const three = (mask: string) => [2, 3, 4].map((ifindex) => device(`eth${ifindex}`, [mask], { ifindex }));
    const writers = new MaskWriters();
    writers.add([write(), write({ ifindex: 3, ...byTuned }), write({ ifindex: 4, ns: 10.8e9 })]);
    expect(changes(three('f'), three('3'), 11, undefined, writers)).toMatchObject([
      { at: 10.8, names: ['eth2', 'eth4'], count: 2, by: { writers: [bash] } },
      { at: 10.5, names: ['eth3'], count: 1, by: { writers: [tuned] } },
    ]);
  });

  it('counts processes that it does not name', () => {
    const queues = Array.from({ length: 9 }, (_, queue) => queue);
    const by = marks(
      queues.map(() => 'f'),
      queues.map(() => '3'),
      ...queues.map((queue) => write({ queue, pid: 100 + queue })),
    )[0]?.by;
    expect(by?.writers.map(({ pid }) => pid)).toEqual([100, 101, 102, 103]);
    expect(by?.count).toBe(9);
  });
});

describe('the name of a process', () => {
  it('is text, with nothing in it that is not to be seen', () => {
    const comm = '<b>\u001b[2J\u202e\u009b\u2028\n x';
    const by = marks(['f'], ['3'], write({ comm, login: 1000 }))[0]?.by;
    expect(by?.writers).toEqual([{ ...bash, name: '<b>\ufffd[2J\ufffd\ufffd\ufffd\ufffd x', login: 1000 }]);
  });
});

describe('writes of a busy or hostile host', () => {
  it('take no more than a bounded memory', () => {
    const writers = new MaskWriters();
    writers.add(Array.from({ length: 16_384 }, (_, count) => write({ queue: count >> 1 })));
    expect(writers.waiting).toBe(2 * 4096);
    writers.add(Array.from({ length: 1000 }, () => write({ queue: 8191 })));
    expect(writers.waiting).toBeLessThanOrEqual(2 * 4096 + 64);
  });
});

describe('a frame of the audit', () => {
  const parse = (more: object) =>
    parseFrame(JSON.stringify({ type: 'audit', state: 'used', by: 'fexit', writes: [], lost: 0, ...more }));

  it('is what the loader prints, with more in it that is not known', () => {
    expect(parse({ writes: [{ ...write(), more: 1 }], more: 1 })).toMatchObject({
      kind: 'frame',
      frame: { writes: [write()] },
    });
    expect(parse({ state: 'refused', by: undefined, code: 'LOCKDOWN', why: 'x', hint: 'y' }).kind).toBe(
      'frame',
    );
  });

  it.each([
    { writes: undefined },
    { writes: [{ ...write(), pid: -1 }] },
    { writes: [{ ...write(), comm: 7 }] },
    { writes: [{ ...write(), queue: 65_536 }] },
    { writes: [{ ...write(), result: 'ok' }] },
    { writes: [{ ...write(), ns: 'now' }] },
    { state: 'maybe' },
    { by: '<script>' },
  ])('is bad with %o', (wrong) => {
    expect(parse(wrong).kind).toBe('bad');
  });

  it('tells who comes later how it went, and nothing that was news before', () => {
    const counts = new Counts();
    counts.apply({ type: 'audit', state: 'used', by: 'fexit', writes: [write()], lost: 0 });
    expect(counts.opening()).toEqual([{ type: 'audit', state: 'used', by: 'fexit', writes: [], lost: 0 }]);
  });
});
