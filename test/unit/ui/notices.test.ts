import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Cancelled, Problem } from '../../../src/problem';
import { guardNotice } from '../../../src/ui/guardNotice';
import { tellOfRecording } from '../../../src/ui/recordingCommands';
import { reported } from '../../../src/ui/reported';
import { tellOfTheUnseen } from '../../../src/ui/unseen';
import { fake } from './fakeVscode';
import { LINK, READ, log, makeTrace, makeTraces, makeTunings, notice, settled } from './scene';

beforeEach(() => fake.reset());

const fails = (error: unknown) => vi.fn<() => Promise<unknown>>().mockRejectedValue(error);

describe('what goes wrong with what a person asked for', () => {
  it('is told with what mends it, and leads to the log', async () => {
    fake.answers = ['Show Log'];
    await reported(log, fails(new Problem('AUTH_FAILED', 'a@web could not log in', 'Check it.')));
    await settled();
    expect(notice()).toBe('RPS Trace: a@web could not log in. Check it.');
    expect(fake.ran).toEqual([['log.show']]);
    expect(fake.log.join()).toContain('could not log in');
  });

  it('is quoted when the loader says it: a host may have put anything in its place', async () => {
    const end = '” RPS Trace: all is well';
    await reported(log, fails(new Problem('LOADER_FAILED', `message ${LINK}`, `hint ${LINK}${end}`)));
    expect(notice()).toBe(
      `RPS Trace: The loader says: “message ${READ}. hint ${READ}' RPS Trace: all is well”`,
    );
  });

  it.each(['AUTH_FAILED', 'LOADER_DIED', 'SSH_CONFIG'] as const)('%s has no link', async (code) => {
    await reported(log, fails(new Problem(code, `message ${LINK}`, `hint ${LINK}`)));
    expect(notice()).toBe(`RPS Trace: message ${READ}. hint ${READ}`);
  });

  it('has no link when it is a fault of the extension either', async () => {
    await reported(log, fails(new Error(`ENOENT: ${LINK}`)));
    expect(notice()).toBe(`RPS Trace: Error: ENOENT: ${READ}`);
    await reported(log, fails(LINK));
    expect(notice()).toBe(`RPS Trace: ${READ}`);
  });

  it('is no news when the person has cancelled it', async () => {
    await reported(log, fails(new Cancelled()));
    expect(fake.shown).toEqual([]);
  });
});

describe('a trace that fails behind another one', () => {
  const failed = { kind: 'failed', code: 'LOADER_FAILED', message: LINK, hint: '' } as const;

  it('is told of, with a host’s words as its own', () => {
    const [front, behind] = [makeTrace('front'), makeTrace(`${'w'.repeat(100)}.example`)];
    const { traces, change } = makeTraces(front, behind);
    tellOfTheUnseen(traces);
    change(behind, { kind: 'tracing' });
    change(behind, failed);
    expect(notice()).toMatch(/^The trace of w+…w+\.example has ended: The loader says: “/);
    expect(notice()).toContain(READ);
  });

  it('is shown, or resumed, when the person wants that', async () => {
    const [front, behind] = [makeTrace('front'), makeTrace('behind')];
    const { traces, change } = makeTraces(front, behind);
    tellOfTheUnseen(traces);
    for (const answer of ['Resume', 'Show']) {
      fake.answers = [answer];
      change(behind, { kind: 'tracing' });
      change(behind, failed);
      await settled();
    }
    expect(fake.ran).toEqual([['rpsTrace.start', 'behind']]);
    expect(traces.front).toBe(behind);
  });

  it('is no news before it was traced, or while it is in front', () => {
    const [front, behind] = [makeTrace('front'), makeTrace('behind')];
    const { traces, change } = makeTraces(front, behind);
    tellOfTheUnseen(traces);
    change(behind, failed);
    change(front, { kind: 'tracing' });
    change(front, failed);
    expect(fake.shown).toEqual([]);
  });
});

describe('masks that a guard holds', () => {
  const applied = { kind: 'applied', writes: [], seconds: 60, left: 59.5 } as const;
  const host = (state: Parameters<typeof makeTunings>[0]['state'] = { kind: 'idle' }) =>
    makeTunings({ trace: makeTrace(`web ${LINK}`), state });

  it('are offered to be kept, with the time that is left', async () => {
    const { tunings, all, acted, change } = host();
    const [tuning] = all;
    if (!tuning) throw new Error('no host');
    const watching = guardNotice(tunings);
    fake.answers = ['Keep'];
    change(tuning, applied);
    await settled();
    expect(notice()).toBe(
      `The masks on web ${READ} are written. They are taken back in 60 s unless you keep them.`,
    );
    expect(fake.last(/createStatusBarItem/)).toMatchObject({
      text: `$(shield) web ${READ}: masks are taken back in 60 s`,
      tooltip: 'Click to keep them.',
    });
    expect(acted).toEqual([{ type: 'confirmApply' }]);
    watching.dispose();
  });

  it.each([
    [{ kind: 'reverted', why: 'time', writes: [] } as const, /^Nobody kept the masks on/],
    [{ kind: 'reverted', why: 'ended', writes: [] } as const, /^The masks on .* were taken back/],
    [{ kind: 'confirmed', writes: [], changed: true } as const, /^Kept on/],
    [
      { kind: 'lost', problem: { code: 'X', message: '', hint: '' }, writes: [], left: 9 } as const,
      /cannot be reached/,
    ],
  ])('are told of as $kind, of a host by its readable name', (state, text) => {
    const { tunings, all, change } = host();
    const [tuning] = all;
    if (!tuning) throw new Error('no host');
    guardNotice(tunings);
    change(tuning, state);
    expect(notice()).toMatch(text);
    expect(notice()).toContain(READ);
  });

  it('are told of in the words of the host when it refuses them, quoted', () => {
    const { tunings, all, change } = host();
    const [tuning] = all;
    if (!tuning) throw new Error('no host');
    guardNotice(tunings);
    change(tuning, { kind: 'applying', writes: [] });
    const problem = { code: 'MASK_REFUSED', message: LINK, hint: LINK };
    change(tuning, { kind: 'failed', problem, writes: [] });
    expect(notice()).toBe(`RPS Trace: The loader says: “${READ}. ${READ}”`);
  });
});

describe('a recording that ends', () => {
  it('is told of with its file, and offered to be opened', async () => {
    fake.answers = ['Open'];
    const trace = makeTrace('web');
    tellOfRecording({ trace, path: `/tmp/${LINK}`, bytes: 0, problem: undefined }, log);
    await settled();
    expect(notice()).toBe(`RPS Trace: web was recorded to /tmp/${READ}.`);
    expect(fake.ran[0]?.[0]).toBe('vscode.openWith');
  });

  it('is told of with what went wrong', () => {
    const problem = new Problem('RECORDING_FAILED', `No space on ${LINK}`, 'Free some.');
    tellOfRecording({ trace: makeTrace('web'), path: '/tmp/a', bytes: 0, problem }, log);
    expect(notice()).toBe(`RPS Trace: No space on ${READ}. Free some.`);
    expect(fake.log.join()).toContain('RECORDING_FAILED');
  });
});
