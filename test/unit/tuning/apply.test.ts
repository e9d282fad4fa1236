import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/problem';
import type { ApplyState, PlannedWrite } from '../../../shared/messages/tuning';
import { Apply } from '../../../src/tuning/apply';
import { FakeGuard } from './fakeGuard';
import { aWrite } from './scene';

const source = { kind: 'masks', candidate: undefined } as const;
const second: PlannedWrite = { ...aWrite, queue: 1, conflict: '1' };
const lost = new Problem('CONNECTION_LOST', 'gone', 'wait');

/** An apply of masks to queues 0 and 1 of a host without a host; somebody has changed the second one since. */
function scene({ agrees = true } = {}) {
  const guard = new FakeGuard(['f', 'f']);
  const states: ApplyState[] = [];
  const asked: (readonly PlannedWrite[])[] = [];
  const noted: number[] = [];
  const clock = { now: 0 };
  const apply = new Apply({
    start: guard.start,
    ask: (writes) => {
      asked.push(writes);
      return Promise.resolve(agrees);
    },
    onState: (state) => states.push(state),
    onWrite: (_source, writes) => {
      noted.push(writes.length);
      return Promise.resolve();
    },
    now: () => clock.now,
  });
  const plan = { source, writes: [aWrite, second], gone: [] };
  const kinds = () => states.map(({ kind }) => kind);
  return { apply, guard, states, asked, noted, clock, plan, kinds };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('applying masks', () => {
  it('is previewed by a guard that writes nothing and leaves', async () => {
    const { apply, guard, plan, kinds } = scene();
    await apply.preview(plan);
    expect(kinds()).toEqual(['previewing', 'previewed']);
    expect(guard.lines).toEqual(['write 7 2 5 eth0 0 f 3', 'write 7 2 5 eth0 1 f 3', 'check', 'revert']);
    expect(guard.masks).toEqual(['f', 'f']);
  });

  it('asks with the exact writes, notes them first, and leaves alone what somebody else has changed', async () => {
    const { apply, guard, asked, noted, plan, kinds } = scene();
    await apply.preview(plan);
    await apply.apply(60, false);
    expect(asked).toEqual([[aWrite]]);
    expect(noted).toEqual([1]);
    expect(guard.masks).toEqual(['3', 'f']);
    expect(guard.lines.at(-1)).toBe('apply 60');
    expect(kinds().slice(2)).toEqual(['applying', 'applied']);
    apply.confirm();
    expect(apply.state).toMatchObject({
      kind: 'confirmed',
      changed: false,
      writes: [{ state: 'written', now: '3' }],
    });
    expect(guard.masks).toEqual(['3', 'f']);
  });

  it('overwrites that only when it is told to', async () => {
    const { apply, guard, plan } = scene();
    await apply.preview(plan);
    await apply.apply(60, true);
    expect(guard.masks).toEqual(['3', '3']);
  });

  it('writes nothing when the person says no, or looks at something else meanwhile', async () => {
    const no = scene({ agrees: false });
    await no.apply.preview(no.plan);
    await no.apply.apply(60, false);
    expect(no.apply.state.kind).toBe('previewed');
    const other = scene();
    await other.apply.preview(other.plan);
    const applied = other.apply.apply(60, false);
    other.apply.dismiss();
    await applied;
    expect(other.apply.state.kind).toBe('idle');
    expect([no.guard.masks, other.guard.masks]).toEqual([
      ['f', 'f'],
      ['f', 'f'],
    ]);
  });

  it.each([
    ['asked', ({ apply }: ReturnType<typeof scene>) => apply.revert()],
    ['time', ({ guard }: ReturnType<typeof scene>) => guard.timeIsUp()],
  ])('ends with the masks as they were: %s', async (why, end) => {
    const all = scene();
    await all.apply.preview(all.plan);
    await all.apply.apply(60, false);
    end(all);
    expect(all.apply.state).toMatchObject({
      kind: 'reverted',
      why,
      writes: [{ state: 'restored', now: 'f' }],
    });
    expect(all.guard.masks).toEqual(['f', 'f']);
  });

  it('counts down the time that is left', async () => {
    const { apply, clock, plan } = scene();
    await apply.preview(plan);
    await apply.apply(60, false);
    expect(apply.state).toMatchObject({ kind: 'applied', seconds: 60, left: 60 });
    clock.now += 45_000;
    expect(apply.state).toMatchObject({ left: 15 });
    clock.now += 45_000;
    expect(apply.state).toMatchObject({ left: 0 });
  });

  it('says in the preview what stands in the way', async () => {
    const { apply, guard, plan } = scene();
    guard.fault = { on: 'check', problem: new Problem('MASK_GUARDED', 'another guard', 'wait') };
    await apply.preview(plan);
    expect(apply.state).toMatchObject({ kind: 'previewed', problem: { code: 'MASK_GUARDED', hint: 'wait' } });
  });

  it.each(['start', 'apply'] as const)('fails with what the host says when it is told to %s', async (on) => {
    const { apply, guard, plan } = scene();
    await apply.preview(plan);
    guard.fault = { on, problem: new Problem('MASK_CHANGED', 'somebody else', 'look') };
    await apply.apply(60, false);
    expect(apply.state).toMatchObject({ kind: 'failed', problem: { code: 'MASK_CHANGED' } });
    expect(guard.masks).toEqual(['f', 'f']);
  });

  it('is lost, not failed, when the connection goes once the guard was told to write', async () => {
    const { apply, guard, clock, plan } = scene();
    await apply.preview(plan);
    await apply.apply(60, false);
    clock.now += 20_000;
    guard.lose(lost);
    await settled();
    expect(apply.state).toMatchObject({ kind: 'lost', left: 40, problem: { code: 'CONNECTION_LOST' } });
    const early = scene();
    await early.apply.preview(early.plan);
    early.guard.fault = { on: 'start', problem: lost };
    await early.apply.apply(60, false);
    expect(early.apply.state.kind).toBe('failed');
  });

  it('is one at a time', async () => {
    const { apply, guard, plan } = scene();
    await apply.preview(plan);
    await Promise.all([apply.apply(60, false), apply.apply(60, false)]);
    await apply.preview(plan);
    apply.dismiss();
    expect(apply.state.kind).toBe('applied');
    expect(guard.starts).toBe(2);
  });

  it('asks nobody, and no host, when there is nothing to write', async () => {
    const { apply, guard, asked } = scene();
    await apply.preview({ source, writes: [], gone: ['eth9, queue 0'] });
    await apply.apply(60, true);
    expect(apply.state).toMatchObject({ kind: 'previewed', writes: [], gone: ['eth9, queue 0'] });
    expect([guard.starts, asked.length]).toEqual([0, 0]);
  });
});
