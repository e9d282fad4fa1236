import { Problem } from '../../problem';
import { optionArgs } from './commandLine';

/**
 * What ssh is told on Windows, where it asks nothing: its program for questions could only be a batch file, see `Askpass`.
 * BatchMode does not reach the ssh of a ProxyJump host; that one finds no program to ask by, and waits until the timeout.
 */
export const silent = {
  args: optionArgs({ BatchMode: 'yes' }),
  env: { SSH_ASKPASS: undefined, SSH_ASKPASS_REQUIRE: 'never' },
};

/** Says what mends a login for which ssh would have had to ask. */
export function withoutQuestions(error: unknown): unknown {
  if (!(error instanceof Problem) || !['AUTH_FAILED', 'HOST_KEY_REJECTED'].includes(error.code)) return error;
  const hint =
    'On Windows ssh cannot ask anything here. In a terminal, log in once to accept the host key, and put keys with a passphrase into ssh-agent; for a password, set rpsTrace.ssh.client to ssh2.';
  return new Problem(error.code, error.message, hint, { cause: error });
}
