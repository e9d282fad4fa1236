import { describe, expect, it } from 'vitest';
import { testAtLine } from '../../../scripts/testAtLine';

const source = `import { describe, expect, it } from 'vitest';

describe('a suite', () => {
  const helper = () => 1;

  it('a test', () => {
    expect(helper()).toBe(1);
  });

  it.each([
    [1, 2],
    [3, 4],
  ])('a test of each pair', (a, b) => {
    expect(a).not.toBe(b);
  });
  it.skip(
    'a skipped test',
    async () => {},
  );
});
describe.each([1])('suite %i', () => {});
`;

describe('the test under the cursor', () => {
  it.each([
    ['in the body of a test', 7, 6],
    ['on its last line', 8, 6],
    ['in a suite, between its tests', 4, 3],
    ['among the cases of a test', 11, 13],
    ['in the body of a test with cases', 14, 13],
    ['in a test with a modifier', 18, 16],
    ['in a suite with cases', 21, 21],
    ['in the imports', 1, undefined],
    ['behind the end of the file', 99, undefined],
  ])('%s: line %i finds line %s', (_, line, found) => {
    expect(testAtLine(source, line)).toBe(found);
  });
});
