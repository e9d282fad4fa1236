import { describe, expect, it } from 'vitest';
import { changes } from '../../../src/trace/marks';
import { OwnMasks } from '../../../src/trace/ownMasks';
import { device } from '../tuning/scene';

const queue = (number: number) => ({ netns: 7, ifindex: 2, instance: 5, queue: number });

function marks() {
  const own = new OwnMasks();
  own.expect([0, 1].map((number) => ({ ...queue(number), before: 'f', after: '0003' })));
  let known = device('eth0', ['f', 'f']);
  const see = (...masks: string[]) => {
    const before = known;
    known = device('eth0', masks);
    return changes([before], [known], 1, own).map(({ what }) => what);
  };
  return { own, see };
}

describe('a change of masks', () => {
  it('is told from others’ when this window has made it, and its way back too', () => {
    const { see } = marks();
    expect(see('3', '3')).toEqual(['applied']);
    expect(see('f', 'f')).toEqual(['reverted']);
    expect(see('3', '3')).toEqual(['masks']);
  });

  it('is somebody else’s when any of its masks is', () => {
    const { see } = marks();
    expect(see('3', '7')).toEqual(['masks']);
    expect(see('f', '7')).toEqual(['reverted']);
  });

  it('is somebody else’s once the masks were kept', () => {
    const { own, see } = marks();
    expect(see('3', '3')).toEqual(['applied']);
    own.keep();
    expect(see('f', 'f')).toEqual(['masks']);
  });
});
