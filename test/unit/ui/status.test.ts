import { beforeEach, describe, expect, it } from 'vitest';
import { showHost } from '../../../src/ui/showHost';
import { stateWords } from '../../../src/ui/stateWords';
import { statusBar } from '../../../src/ui/statusBar';
import { fake } from './fakeVscode';
import { LINK, READ, makeRecordings, makeTrace, makeTraces, notice } from './scene';

beforeEach(() => fake.reset());

const item = () => fake.last(/createStatusBarItem/);

describe('the status bar', () => {
  it('shows the host in front and its rate; icons are only the extension’s', () => {
    const trace = makeTrace(`web ${LINK}`, { decisionsPerSecond: 12_345 });
    const { traces, change } = makeTraces(trace);
    statusBar(traces, makeRecordings(new Map([[trace, `/tmp/${LINK}`]])).recordings);
    change(trace, { kind: 'tracing' });
    expect(item()['text']).toBe(`$(record) $(pulse) web ${READ}: 12.3K/s`);
    expect(item()['backgroundColor']).toBeUndefined();
    expect(String(item()['tooltip']).split('\n').at(-1)).toBe(`Recording to /tmp/${READ}`);
  });

  it('says what is counted on lines of their own, whatever the filter is', () => {
    const scope = { filter: `tcp\n${LINK}`, interfaces: ['eth0', LINK], netns: LINK };
    const trace = makeTrace('web', { scope });
    const { traces, change } = makeTraces(trace);
    statusBar(traces, makeRecordings().recordings);
    change(trace, { kind: 'idle' });
    expect(String(item()['tooltip']).split('\n')).toEqual([
      'RPS Trace: not started. Click to show the panel.',
      `Filter: tcp ⏎ ${READ}`,
      `Interfaces: eth0, ${READ}`,
      `Network namespace: ${READ}`,
    ]);
  });

  it('is red when the trace failed, with a host’s words quoted', () => {
    const trace = makeTrace('web');
    const { traces, change } = makeTraces(trace);
    statusBar(traces, makeRecordings().recordings);
    change(trace, { kind: 'failed', code: 'LOADER_FAILED', message: LINK, hint: '' });
    expect(item()).toMatchObject({
      text: '$(error) web',
      backgroundColor: { id: 'statusBarItem.errorBackground' },
      tooltip: `RPS Trace: The loader says: “${READ}”. Click to show the panel.`,
    });
  });

  it('is hidden while no host was traced', () => {
    const { traces, change } = makeTraces();
    statusBar(traces, makeRecordings().recordings);
    change(makeTrace('web'), { kind: 'idle' });
    expect(fake.shown.map(({ by }) => by)).toEqual(['hide']);
  });
});

describe('where a trace stands, in words', () => {
  it.each([
    [{ kind: 'idle' } as const, 'not started'],
    [{ kind: 'connecting', step: 'Connecting to web' } as const, 'Connecting to web'],
    [{ kind: 'tracing' } as const, 'tracing'],
    [{ kind: 'stopping' } as const, 'stopping'],
    [{ kind: 'stopped', reason: 'stdin closed' } as const, 'stopped (“stdin closed”)'],
    [{ kind: 'failed', code: 'AUTH_FAILED', message: 'No.', hint: '' } as const, 'No.'],
  ])('%j', (state, words) => {
    expect(stateWords({ state, readsOnly: false })).toBe(words);
  });

  it('says that a host is only read', () => {
    expect(stateWords({ state: { kind: 'tracing' }, readsOnly: true })).toBe('reading only');
  });
});

describe('choosing the host that is shown', () => {
  const shown: string[] = [];
  const showPanel = () => Promise.resolve(shown.push('panel'));

  it('lists hosts readably, and shows the chosen one in the panel', async () => {
    const [front, behind] = [makeTrace('front'), makeTrace(`web ${LINK}`)];
    const { traces } = makeTraces(front, behind);
    fake.answers = [`web ${READ}`];
    await showHost(undefined, traces, showPanel);
    expect(traces.front).toBe(behind);
    expect(shown).toEqual(['panel']);
  });

  it('takes the name that a panel shows', async () => {
    const [front, behind] = [makeTrace('front'), makeTrace(`web ${LINK}`)];
    const { traces } = makeTraces(front, behind);
    await showHost('nobody', traces, showPanel);
    expect(traces.front).toBe(front);
    await showHost(`web ${LINK}`, traces, showPanel);
    expect(traces.front).toBe(behind);
    expect(fake.shown).toEqual([]);
  });

  it('says that there is none yet', async () => {
    await showHost(undefined, makeTraces().traces, showPanel);
    expect(notice()).toBe('No host was traced in this window yet.');
  });
});
