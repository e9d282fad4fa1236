import fc from 'fast-check';
import { targetText } from '../../../src/hosts/target';
import { Problem } from '../../../src/problem';
import { readStartArgument } from '../../../src/ui/startArgument';
import { target } from '../target';
import { changed, jumbled } from '../texts';

const host = fc.oneof(
  jumbled('web-1', '@', ':', '22', '[', ']', 'ssh://', '%', '-', 'local', '/', ' '),
  changed('alice@web-1:22', 'ssh://alice%40x@web-1:22/', '[2001:db8::1]:22'),
);

/** What a keybinding or a workspace's task asks for is read, or refused with a Problem. A host that is taken is taken again. */
export default target({
  input: fc.oneof(
    host,
    fc.record(
      {
        host: fc.oneof(host, fc.jsonValue()),
        filter: fc.oneof(fc.string(), jumbled('tcp ', 'port ', '(', ')'), fc.jsonValue()),
        interfaces: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
        netns: fc.oneof(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  ),
  check: (argument) => {
    try {
      const { target: named } = readStartArgument(argument);
      if (named) readStartArgument(targetText(named));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  },
});
