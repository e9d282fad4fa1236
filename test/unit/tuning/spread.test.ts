import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../src/tuning/spread';
import { cpus } from './scene';

const scene = { from: 10, to: 12, masked: [], cpus };
const landed = (cpu: number, target: number, skbs: number) => ({ cpu, target, skbs, rate: skbs / 2 });

describe('a spread', () => {
  it('counts what stays for the CPU where it is, and what left its node', () => {
    const spread = spreadOf([landed(0, -1, 10), landed(0, 1, 20), landed(1, 2, 30), landed(3, 2, 5)], scene);
    expect(spread).toMatchObject({ from: 10, to: 12, skbs: 65, uncertain: 0, crossNode: 30 });
    expect(spread.cpus).toEqual([
      { cpu: 0, skbs: 10, rate: 5 },
      { cpu: 1, skbs: 20, rate: 10 },
      { cpu: 2, skbs: 35, rate: 17.5 },
    ]);
  });

  it('measures its imbalance over the CPUs that masks name, idle ones too', () => {
    const even = spreadOf([landed(0, 0, 10), landed(0, 1, 10)], scene);
    expect(even.imbalance?.factor).toBe(1);
    const idle = spreadOf([landed(0, 1, 10)], { ...scene, masked: [0, 1, 2, 3] });
    expect(idle.imbalance).toEqual({ cpu: 1, factor: 4 });
    expect(spreadOf([landed(0, 1, 10)], scene).imbalance).toBeUndefined();
  });

  it('puts on no CPU what nobody can know', () => {
    const spread = spreadOf([landed(0, -2, 30), landed(0, 1, 10)], scene);
    expect(spread).toMatchObject({ skbs: 40, uncertain: 30, cpus: [{ cpu: 1, skbs: 10 }], crossNode: 0 });
  });
});
