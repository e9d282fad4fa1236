import { describe, expect, it } from 'vitest';
import { isRefused, keptOf, withKept } from '../../../../shared/masks/kept';
import { irqCpusOf, lint, type LintScene } from '../../../../shared/masks/lint';
import { card, twoNodes } from './machine';

function scene(part: Partial<LintScene> & { rx?: number } = {}): LintScene {
  const device = part.device ?? card(['0']);
  const queue = device.queues[part.rx ?? 0];
  if (!queue) throw new Error('the card has no such queue');
  return { cpus: twoNodes(), device, queue, saturated: new Set(), flowEntries: 0, ...part };
}

/** What is said of a mask: severities and ids. */
const said = (mask: readonly number[], part?: Parameters<typeof scene>[0]) =>
  lint(mask, scene(part)).map(({ severity, id }) => `${severity} ${id}`);

describe('the linter', () => {
  it('has nothing to say of a mask on the device’s node, one thread a core, without the interrupt’s CPU', () => {
    expect(said([1, 2, 3])).toEqual([]);
  });

  it('refuses CPUs that the host does not have', () => {
    expect(lint([1, 16, 17], scene())).toEqual([
      { severity: 'error', id: 'missing', values: { cpus: '16-17' } },
    ]);
  });

  it('says what the kernel drops', () => {
    const cpus = withKept(
      twoNodes(({ id }) => ({ online: id !== 2 })),
      '0-1,4-15',
    );
    expect(lint([0, 1, 2, 3], scene({ cpus })).slice(0, 2)).toEqual([
      { severity: 'warning', id: 'offline', values: { cpus: '2' } },
      { severity: 'warning', id: 'dropped', values: { cpus: '3' } },
    ]);
    expect(said([2], { cpus })).toEqual(['warning nothingOnline']);
    expect(said([2, 3], { cpus })).toEqual(['warning nothingOnline', 'warning dropped']);
    expect(keptOf([0, 1, 2, 3], cpus)).toEqual([0, 1]);
  });

  it('refuses masks that the kernel refuses: all CPUs are set apart by its command line', () => {
    const cpus = withKept(twoNodes(), '0-1');
    expect(lint([2, 3], scene({ cpus }))).toEqual([
      { severity: 'error', id: 'refused', values: { cpus: '2-3' } },
    ]);
    expect(isRefused([1, 2], cpus)).toBe(false);
    expect(isRefused([], cpus)).toBe(false);
  });

  it('warns of isolated CPUs that the kernel keeps', () => {
    const cpus = withKept(
      twoNodes(({ id }) => ({ isolated: id === 2 || id === 3 })),
      '0-15',
    );
    expect(lint([2, 3], scene({ cpus }))).toEqual([
      { severity: 'warning', id: 'isolated', values: { cpus: '2-3' } },
    ]);
    expect(keptOf([2, 3], cpus)).toEqual([2, 3]);
  });

  it('takes isolated CPUs for dropped where an older loader does not tell', () => {
    const isolated = twoNodes(({ id }) => ({ isolated: id === 3 }));
    for (const list of [undefined, 'no list', '0-99999999999']) {
      expect(said([3], { cpus: withKept(isolated, list) })).toEqual(['error refused']);
      expect(keptOf([2, 3], withKept(isolated, list))).toEqual([2]);
    }
  });

  it('warns of another node than the device’s, and tells of several where it is on none', () => {
    expect(lint([1, 4, 5], scene())).toEqual([
      { severity: 'warning', id: 'crossesNodes', values: { cpus: '4-5', node: 0, device: 'eth0' } },
    ]);
    expect(said([1, 4], { device: card(['0'], { node: -1 }) })).toEqual(['info severalNodes']);
  });

  it('warns of the interrupt’s CPU when that is saturated, and tells of it otherwise', () => {
    expect(said([0, 1])).toEqual(['info irqCpu']);
    expect(lint([0, 1], scene({ saturated: new Set([0]) }))).toEqual([
      { severity: 'warning', id: 'irqCpuSaturated', values: { cpus: '0' } },
    ]);
    expect(said([0, 1], { device: card(['0-7']) })).toEqual([]);
  });

  it('says when the hardware’s queues reach all of these CPUs already', () => {
    const device = card(['0', '1', '2', '3']);
    expect(said([1, 2, 3], { device })).toEqual(['info rssCovers']);
    expect(said([1, 2, 11], { device })).toEqual([]);
    // Where each interrupt may go anywhere, nobody knows which CPUs they reach.
    expect(said([1, 2, 3], { device: card(['0-7', '0-7', '0-7', '0-7']) })).toEqual([]);
  });

  it('says when a single CPU is named, or both threads of a core', () => {
    expect(said([1])).toEqual(['warning oneCpu']);
    expect(said([1, 9, 2])).toEqual(['info siblings']);
  });

  it('says when another device’s mask decides', () => {
    for (const kind of ['bond', 'vrf', 'ifb', 'failover'] as const) {
      expect(said([1, 2], { device: card(['0'], { kind }) })).toEqual(['warning noEffect']);
    }
  });

  it('says what an empty mask does, and that RFS comes first where it is on', () => {
    expect(said([])).toEqual(['info off']);
    const device = card([], { queues: [{ rx: 0, rps_cpus: '0', rps_flow_cnt: 4096 }] });
    expect(said([1, 2], { device, flowEntries: 32768 })).toEqual(['info rfs']);
    expect(said([1, 2], { device })).toEqual([]);
  });
});

describe('where an interrupt goes', () => {
  it('is unknown where the host does not tell', () => {
    expect(irqCpusOf({ rx: 0, rps_cpus: '0', rps_flow_cnt: 0 })).toBeUndefined();
    expect(irqCpusOf({ rx: 0, rps_cpus: '0', rps_flow_cnt: 0, irq_cpus: '' })).toBeUndefined();
    expect(irqCpusOf({ rx: 0, rps_cpus: '0', rps_flow_cnt: 0, irq_cpus: '0-1' })).toEqual([0, 1]);
  });
});
