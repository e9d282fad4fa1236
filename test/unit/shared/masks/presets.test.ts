import { describe, expect, it } from 'vitest';
import { listOf } from '../../../../shared/masks/cpuSet';
import { withKept } from '../../../../shared/masks/kept';
import { presetCpus, presetIds, type PresetScene } from '../../../../shared/masks/presets';
import { twoNodes } from './machine';

/** All presets of a scene, as lists; undefined where there is none. */
function all(part: Partial<PresetScene>): Record<string, string | undefined> {
  const scene = { cpus: twoNodes(), node: 0, irqCpus: [1], ...part };
  return Object.fromEntries(
    presetIds.map((id) => {
      const cpus = presetCpus(id, scene);
      return [id, cpus && listOf(cpus)];
    }),
  );
}

describe('presets', () => {
  it('follow the device’s node, the queue’s interrupt and the cores', () => {
    expect(all({})).toEqual({
      nodeLocal: '0-3,8-11',
      nodeLocalNoIrq: '0,2-3,8-11',
      onePerCore: '0-7',
      housekeeping: '0-15',
      all: '0-15',
      off: '',
    });
  });

  it('leave offline and isolated CPUs out; only "all" keeps isolated ones', () => {
    const cpus = twoNodes(({ id }) => ({ online: id !== 2, isolated: id >= 8 || id === 0 }));
    expect(all({ cpus })).toEqual({
      nodeLocal: '1,3',
      nodeLocalNoIrq: '3',
      onePerCore: '1,3-7',
      housekeeping: '1,3-7',
      all: '0-1,3-15',
      off: '',
    });
  });

  it('leave out what the kernel drops of masks, isolated or not', () => {
    expect(all({ cpus: withKept(twoNodes(), '0-1,4') })).toMatchObject({
      nodeLocal: '0-1',
      onePerCore: '0-1,4',
      housekeeping: '0-1,4',
      all: '0-15',
    });
    // Kept and isolated, by a partition: unwise.
    const apart = twoNodes(({ id }) => ({ isolated: id > 3 }));
    expect(all({ cpus: withKept(apart, '0-15') })['housekeeping']).toBe('0-3');
  });

  it('take the sibling where the first thread of a core may not be used', () => {
    const cpus = twoNodes(({ id }) => ({ online: id !== 0 }));
    expect(all({ cpus })['onePerCore']).toBe('1-8');
  });

  it('are not there where the host does not tell what they need', () => {
    expect(all({ node: -1 })).toMatchObject({ nodeLocal: undefined, nodeLocalNoIrq: undefined });
    expect(all({ irqCpus: undefined })).toMatchObject({ nodeLocal: '0-3,8-11', nodeLocalNoIrq: undefined });
    expect(all({ irqCpus: [0, 1, 2, 3, 8, 9, 10, 11] })['nodeLocalNoIrq']).toBeUndefined();
  });

  it('count every device as local on a host with one node, and every CPU as a core where cores are not known', () => {
    const cpus = [0, 1].map((id) => ({ id, node: 0, online: true }));
    expect(all({ cpus, node: undefined })).toMatchObject({ nodeLocal: '0-1', onePerCore: '0-1' });
  });
});
