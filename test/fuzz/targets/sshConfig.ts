import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sshAliases } from '../../../src/hosts/sshconfig/aliases';
import { hostConfig } from '../../../src/hosts/sshconfig/config';
import { sshEnvironment } from '../../../src/hosts/sshconfig/environment';
import { Problem } from '../../../src/problem';
import { target } from '../target';
import { jumbled } from '../texts';

const home = mkdtempSync(join(tmpdir(), 'rps-trace-fuzz-'));
const file = join(home, 'config');
// No ssh can be asked, so the files are read here.
const environment = sshEnvironment({ home, configFile: file, program: join(home, 'no-ssh') });

/** A configuration is read, or refused with a Problem. */
export default target({
  input: fc.record({
    text: jumbled(
      ...[
        'Host ',
        'Match ',
        'web-1',
        '*',
        '!',
        '?',
        '\n',
        ' ',
        '=',
        '"',
        '#',
        ',',
        'all',
        'host ',
        'exec ',
        'user ',
        'Include ',
      ],
      ...[
        'HostName ',
        'User ',
        'Port ',
        'ProxyJump ',
        'ProxyCommand ',
        'IdentityFile ',
        '%h',
        '%%',
        '%',
        '~/',
        'none',
        'yes',
      ],
      ...[
        'UserKnownHostsFile ',
        'ConnectTimeout ',
        'PreferredAuthentications ',
        'ControlPath ',
        '${HOME}',
        '99999999999',
      ],
    ),
    destination: fc.constantFrom('web-1', 'alice@web-1', 'web-1:2222'),
  }),
  check: async ({ text, destination }) => {
    writeFileSync(file, text);
    await sshAliases(environment);
    try {
      await hostConfig(destination, environment, new AbortController().signal);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  },
});
