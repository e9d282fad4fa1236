import { describe, expect, it } from 'vitest';
import { planWayBack, withRead } from '../../../src/tuning/plan';
import { card, twoNodes } from '../shared/masks/machine';

describe('a plan made before devices are told again', () => {
  it('rests on what the guard has read', () => {
    const device = card(['0']);
    const { netns, ifindex, instance, name } = device;
    const queue = { netns, ifindex, instance, queue: 0, name, netnsName: undefined };
    const masks = { before: '0000', after: '0006', kept: '0006', now: '0006' };
    const write = { ...queue, ...masks, path: '', conflict: undefined, state: 'written' as const };
    const cpus = twoNodes();
    expect(planWayBack([write], { devices: [device], cpus }).writes).toEqual([]);
    const { writes } = planWayBack([write], { devices: withRead([device], [write]), cpus });
    expect(writes).toMatchObject([{ before: '0006', after: '0000', conflict: undefined }]);
  });
});
