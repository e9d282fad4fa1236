import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** OpenSSH takes the home folder from the password database; this makes it follow $HOME like everyone else. */
const sshOfHome = `#!/bin/sh
config="$HOME/.ssh/config"
[ -e "$config" ] || config=none
exec /usr/bin/ssh -F "$config" -o "UserKnownHostsFile=$HOME/.ssh/known_hosts" "$@"
`;

/**
 * Makes an empty home folder in `root`. Returns it, and this process's environment as it is for a program that lives
 * there: without the user's SSH agent, and without what another VS Code, npm or a test runner left behind.
 */
export async function throwAwayHome(root: string): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const [home, bin] = [join(root, 'home'), join(root, 'bin')];
  await mkdir(home);
  await mkdir(bin);
  await writeFile(join(bin, 'ssh'), sshOfHome, { mode: 0o755 });
  const foreign = /^(vscode|electron|npm|node|xdg|vitest|ssh)_/i;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  // VS Code takes the environment as it is when its own command line tool, or so it thinks, started it; else it asks a
  // login shell, and that sets PATH anew.
  return { home, env: { ...Object.fromEntries(own), HOME: home, PATH, VSCODE_CLI: '1' } };
}
