import { describe, expect, it } from 'vitest';
import { SoftnetRates } from '../../../src/trace/softnet';

type SoftnetRow = [number, number, number, number, number, number, number];
const reading = (seconds: number, ...cpus: SoftnetRow[]) => ({
  type: 'softnet' as const,
  ns: seconds * 1e9,
  cpus,
});

describe('the rates of softnet counters', () => {
  it('are per second over the time between two readings', () => {
    const rates = new SoftnetRates();
    expect(rates.apply(reading(10, [0, 100, 0, 0, 8, 0, 5])).cpus[0]?.rates).toBeUndefined();
    const [cpu] = rates.apply(reading(12, [0, 300, 1, 2, 10, 0, 7])).cpus;
    expect(cpu?.rates).toEqual({ processed: 100, dropped: 0.5, squeezed: 1, ipis: 1, flowLimit: 0 });
    expect(cpu?.totals.processed).toBe(300);
    expect(cpu?.backlog).toBe(7);
  });

  it('are unknown for a CPU that has just come online, or whose counters went back', () => {
    const rates = new SoftnetRates();
    rates.apply(reading(10, [0, 100, 0, 0, 0, 0, 0]));
    const { cpus } = rates.apply(reading(11, [0, 90, 0, 0, 0, 0, 0], [3, 5, 0, 0, 0, 0, 0]));
    expect(cpus.map((cpu) => cpu.rates)).toEqual([undefined, undefined]);
  });

  it('leave the backlog open where the kernel does not tell it', () => {
    expect(new SoftnetRates().apply(reading(1, [0, 0, 0, 0, 0, 0, -1])).cpus[0]?.backlog).toBeUndefined();
  });
});
