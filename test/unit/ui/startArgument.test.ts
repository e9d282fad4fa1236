import { describe, expect, it } from 'vitest';
import { readStartArgument } from '../../../src/ui/startArgument';

describe('the argument of the start command', () => {
  it('is a host, or an object that names one and what is to be counted', () => {
    expect(readStartArgument('alice@web-1:22')).toEqual({
      target: { kind: 'ssh', destination: 'alice@web-1:22' },
      scope: {},
    });
    expect(
      readStartArgument({ host: 'local', filter: ' tcp ', interfaces: ['eth0'], netns: 4026531840 }),
    ).toEqual({
      target: { kind: 'local' },
      scope: { filter: 'tcp', interfaces: ['eth0'], netns: '4026531840' },
    });
  });

  it.each([[undefined], [''], [7], [{}], [{ other: 1 }], [['web-1']]])(
    'asks for nothing when it is %o',
    (argument) => {
      expect(readStartArgument(argument)).toEqual({ target: undefined, scope: {} });
    },
  );

  it.each([
    ['a host without end', 'x'.repeat(1_000_000)],
    ['a filter without end', { filter: 'x'.repeat(1_000_000) }],
    ['interfaces without end', { interfaces: Array.from({ length: 1_000_000 }, () => 7) }],
  ])('is refused, in a sentence that can be shown, when it is %s', (_, argument) => {
    const refused = expect.objectContaining({ code: 'SCOPE_INVALID' }) as Error;
    expect(() => readStartArgument(argument)).toThrow(refused);
    try {
      readStartArgument(argument);
    } catch (error) {
      expect(String(error).length).toBeLessThan(2000);
    }
  });
});
