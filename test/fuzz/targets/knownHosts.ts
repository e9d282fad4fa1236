import { strictEqual } from 'node:assert';
import fc from 'fast-check';
import {
  hashName,
  judgeKey,
  keyType,
  knownHostName,
  linesFor,
  parseKnownHosts,
} from '../../../src/hosts/login/knownHosts';
import { target } from '../target';
import { jumbled } from '../texts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJfHnLZ0FyFbFwYHkyU3Xm0sGmGnMnPG4vLUyBqXhG1K';
const key = Buffer.from(KEY, 'base64');

/** Files are read in the time that their length takes, and a line that was added for a host is found, whatever stands before. */
export default target({
  input: fc.record({
    text: jumbled(
      'web-1',
      '*',
      '?',
      '*a',
      ',',
      ' ',
      '\n',
      '\t',
      '!',
      '@revoked ',
      '@cert-authority ',
      '|1|',
      '#',
      '=',
      KEY,
      ' ssh-ed25519 ',
    ),
    host: fc.domain(),
    port: fc.constantFrom(22, 2222),
    salt: fc.option(fc.string({ minLength: 20, maxLength: 20 })),
  }),
  check: ({ text, host, port, salt }) => {
    const name = knownHostName(host, port);
    const written = salt === null ? name : hashName(name, Buffer.from(salt));
    const file = `${text}\n${written} ${keyType(key)} ${KEY}\n`;
    const lines = linesFor(parseKnownHosts(file, 'known_hosts'), name);
    const own = lines.at(-1);
    strictEqual(own?.key.equals(key), true);
    const { kind } = judgeKey(lines, key);
    if (kind !== 'known' && kind !== 'revoked') throw new Error(`our own line is ${kind}`);
  },
});
