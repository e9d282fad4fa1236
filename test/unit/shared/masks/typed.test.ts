import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../../shared/masks/cpuSet';
import { readTyped } from '../../../../shared/masks/typed';
import { maskWidth } from '../../../../shared/masks/width';
import { twoNodes } from './machine';

describe('what a person types', () => {
  it('is read as what its field is for: 10 is CPU 10 or CPU 4', () => {
    expect(readTyped('list', '10')).toEqual({ kind: 'cpus', cpus: [10] });
    expect(readTyped('mask', '10')).toEqual({ kind: 'cpus', cpus: [4] });
    expect(readTyped('list', ' ')).toEqual({ kind: 'cpus', cpus: [] });
    expect(readTyped('mask', '1,00000000')).toEqual({ kind: 'cpus', cpus: [32] });
  });

  it.each([
    ['mask', '', 'empty', ''],
    ['mask', '0xff', 'prefix', '0xff'],
    ['mask', 'f,zz', 'syntax', 'zz'],
    ['mask', '1ffffffff', 'chunk', '1ffffffff'],
    ['list', '0-3,f', 'syntax', 'f'],
    ['list', '7-4', 'order', '7-4'],
    ['list', '0-9000', 'range', '0-9000'],
  ] as const)('is refused with a reason: %s "%s"', (form, text, reason, piece) => {
    expect(readTyped(form, text)).toEqual({ kind: 'bad', form, reason, piece });
  });
});

describe('the width of masks', () => {
  it('is that of the host’s highest CPU, and of the masks that its kernel prints', () => {
    expect(maskWidth(twoNodes())).toBe(16);
    expect(maskWidth(twoNodes(), '0000')).toBe(16);
    expect(maskOf([1], maskWidth(twoNodes(), '00000000,00000000'))).toBe('00000000,00000002');
    expect(maskOf([1], maskWidth(twoNodes(), '00,00000000'))).toBe('00,00000002');
    expect(maskWidth([])).toBe(1);
  });
});
