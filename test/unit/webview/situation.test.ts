import { describe, expect, it } from 'vitest';
import type { TraceState } from '../../../shared/messages/panel';
import { describeSituation, warnings } from '../../../webview/situation';
import { maskCpus } from '../../../webview/store/masks';
import { Store } from '../../../webview/store/store';
import { makeFeed } from '../../e2e/panel/feed';

const { snapshot } = makeFeed(4, 2);
const empty = { keys: [], totals: new Float64Array(0), rates: new Float64Array(0), findings: undefined };

function storeIn(state: TraceState, part: Partial<typeof snapshot> = empty): Store {
  const store = new Store();
  store.apply({ ...snapshot, ...part, state });
  return store;
}

const said = (store: Store) => {
  const { notice } = describeSituation(store);
  return notice ? [notice.title, ...notice.texts, ...notice.lines].join('\n') : '';
};

describe('the words for a state', () => {
  it('name the step while connecting, and offer to cancel', () => {
    const store = storeIn({ kind: 'connecting', step: 'Uploading the loader' });
    expect(said(store)).toContain('Uploading the loader');
    expect(describeSituation(store).action).toEqual({ label: 'Cancel', command: 'stop' });
  });

  it('explain an empty trace by the masks that are set', () => {
    expect(said(storeIn({ kind: 'tracing' }))).toContain('ens1f0np0 (host), queue 0 → CPU 0-3');
  });

  it('explain an empty trace by RPS being off', () => {
    const devices = snapshot.devices.map((device) => ({
      ...device,
      queues: device.queues.map((queue) => ({ ...queue, rps_cpus: '00000000,00000000' })),
    }));
    const text = said(storeIn({ kind: 'tracing' }, { ...empty, devices }));
    expect(text).toContain('RPS is off on every queue');
    expect(text).toContain('echo f > /sys/class/net/ens1f0np0/queues/rx-0/rps_cpus');
    const strange = devices.map((device) => ({ ...device, name: 'a b;c' }));
    expect(said(storeIn({ kind: 'tracing' }, { ...empty, devices: strange }))).toContain('net/eth0/');
  });

  it('leave the explaining to the doctor where it has findings', () => {
    const { findings } = snapshot;
    expect(said(storeIn({ kind: 'tracing' }, { ...empty, findings }))).toContain('The doctor has looked');
  });

  it('say of a host that cannot be traced why, and what mends it', () => {
    const { facts } = snapshot;
    if (!facts) throw new Error('the feed has no facts');
    const why = {
      name: 'fexit',
      state: 'refused',
      why: 'No type information',
      hint: 'Bring it along.',
    } as const;
    const store = storeIn(
      { kind: 'tracing' },
      { ...empty, facts: { ...facts, backend: 'none', backends: [why] } },
    );
    expect(describeSituation(store).word).toBe('Reading only');
    expect(said(store)).toContain('fexit: No type information. Bring it along.');
  });

  it('cut a long list of masks short', () => {
    const device = { netns: 1, instance: 7, queues: [{ rx: 0, rps_cpus: 'f', rps_flow_cnt: 0 }] };
    const devices = Array.from({ length: 64 }, (_, ifindex) => ({
      ...device,
      ifindex,
      name: `eth${ifindex}`,
    }));
    const { notice } = describeSituation(storeIn({ kind: 'tracing' }, { ...empty, devices }));
    expect(notice?.lines.at(-1)).toBe('and 56 more');
  });

  it('leave the room to the numbers once there are some', () => {
    expect(describeSituation(storeIn({ kind: 'tracing' }, {})).notice).toBeUndefined();
  });

  it('say why a trace ended, and whether it saw anything', () => {
    expect(said(storeIn({ kind: 'stopped', reason: 'stdin closed' }))).toContain('No decision was seen.');
    expect(said(storeIn({ kind: 'stopped', reason: 'stdin closed' }, {}))).toBe(
      'The trace has ended\nstdin closed',
    );
  });

  it('give message, hint, a new start and the log when it failed', () => {
    const state = { kind: 'failed', code: 'AUTH_FAILED', message: 'No key fits.', hint: 'Add one.' } as const;
    const { notice } = describeSituation(storeIn(state));
    expect(notice?.texts).toEqual(['No key fits. (AUTH_FAILED)', 'Add one.']);
    expect(notice?.buttons.map((button) => button.command)).toEqual(['start', 'showLog']);
  });

  it('offer to resume what had counted before it failed', () => {
    const state = { kind: 'failed', code: 'CONNECTION_LOST', message: 'Lost.', hint: '' } as const;
    const first = (part?: Partial<typeof snapshot>) =>
      describeSituation(storeIn(state, part)).notice?.buttons[0]?.label;
    expect(first()).toBe('Resume');
    expect(first({ ...empty, history: { at: new Float64Array(), series: [], marks: [] } })).toBe(
      'Start Again',
    );
  });

  it('warn of what was not counted, with the numbers', () => {
    const health = { missed: 1234, lost: 5, runs: 0, runNs: 0, badLines: 0 };
    expect(warnings(storeIn({ kind: 'tracing' }, { health }))).toEqual([
      'Not everything was counted: 1,234 decisions missed, 5 lost for want of room.',
    ]);
    expect(warnings(storeIn({ kind: 'tracing' }))).toEqual([]);
  });

  it('warn of rows that are left out', () => {
    const health = { missed: 0, lost: 0, runs: 0, runNs: 0, badLines: 0, full: true };
    expect(warnings(storeIn({ kind: 'tracing' }, { health }))).toEqual([
      expect.stringContaining('holds 262,144 rows'),
    ]);
  });

  it('warn of what the kprobe backend cannot see', () => {
    const { facts } = snapshot;
    if (!facts) throw new Error('the feed has no facts');
    const store = storeIn({ kind: 'tracing' }, { facts: { ...facts, backend: 'kprobe' } });
    expect(warnings(store)).toEqual([expect.stringContaining('sees steered packets only')]);
  });
});

describe('a kernel mask', () => {
  it('is read across its groups of 32 bits', () => {
    expect(maskCpus('1,80000000,00000003')).toEqual([0, 1, 63, 64]);
    expect(maskCpus('0')).toEqual([]);
    expect(maskCpus('')).toEqual([]);
  });
});
