import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { listOf, maskOf, readList, readMask } from '../../../shared/masks/cpuSet';
import { sameMask } from '../../../shared/masks/sameMask';
import { readTyped } from '../../../shared/masks/typed';
import { target } from '../target';
import { jumbled } from '../texts';

/** What is typed is a set of CPUs or bad; a set is the same after it was written and read, in both forms. */
export default target({
  input: fc.record({
    form: fc.constantFrom('list', 'mask'),
    text: jumbled(
      '0',
      '-',
      ',',
      ' ',
      'f',
      '0x',
      '00000001',
      '8191',
      '0-8191,',
      '9007199254740993',
      'ffffffff,',
    ),
  }),
  check: ({ form, text }) => {
    sameMask(text, '0');
    const typed = readTyped(form, text);
    if (typed.kind === 'bad') return;
    const { cpus } = typed;
    deepStrictEqual(readList(listOf(cpus)), { kind: 'cpus', cpus });
    const width = Math.max(1, ...cpus.map((cpu) => cpu + 1));
    deepStrictEqual(readMask(maskOf(cpus, width)), { kind: 'cpus', cpus });
  },
});
