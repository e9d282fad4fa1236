import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startCodeServer, type CodeServer } from '../test/e2e/codeServer';
import { bootGuest, type Guest } from '../test/guest/guest';
import { startTraffic } from '../test/guest/traffic';
import { buildLoader } from './build-loader';
import { photograph } from './demo-photograph';
import { interrupted } from './interrupted';
import { packageExtension } from './package';
import { run } from './run';

/** What the demo's guest is called in its SSH configuration, and so in the panel. */
const HOST = 'demo-guest';

const { values } = parseArgs({ options: { screenshot: { type: 'string' } } });
const picture = values.screenshot === undefined ? undefined : resolve(values.screenshot);

const step = (what: string) => console.error(`demo: ${what}`);

step('building the loader and the extension');
await buildLoader();
const extension = await packageExtension();
const autostart = await packageAutostart();

step('booting a guest with 4 CPUs on 2 NUMA nodes');
const guest = await bootGuest({});
let vscode: CodeServer | undefined;
try {
  await startTraffic(guest);
  step('starting VS Code');
  vscode = await startCodeServer({ vsix: [extension, autostart], env: { RPS_TRACE_DEMO_HOST: HOST } });
  await configureSsh(vscode.home, guest);
  if (picture === undefined) {
    console.log(`\nOpen ${vscode.url} in a browser: the panel is live there. Ctrl-C ends the demo.`);
    await interrupted();
  } else {
    step('waiting for the panel to fill');
    await photograph(vscode.url, picture);
    console.log(picture);
  }
} finally {
  step('ending');
  await vscode?.stop();
  await guest.stop();
}

/** The demo's extension that presses Start, as a VSIX. */
async function packageAutostart(): Promise<string> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const vsix = join(root, 'dist', 'autostart.vsix');
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', vsix];
  await run(process.execPath, [vsce, 'package', ...flags], { cwd: join(root, 'scripts', 'autostart') });
  return vsix;
}

/** What a person's ~/.ssh would hold for a host they know: its address, an account with sudo, its key. */
async function configureSsh(home: string, guest: Guest): Promise<void> {
  const folder = join(home, '.ssh');
  await mkdir(folder, { mode: 0o700 });
  const config = [
    `Host ${HOST}`,
    `  HostName ${guest.host}`,
    `  Port ${guest.port}`,
    '  User bob',
    `  IdentityFile ${guest.privateKeyPath}`,
    '',
  ];
  await writeFile(join(folder, 'config'), config.join('\n'), { mode: 0o600 });
  await writeFile(join(folder, 'known_hosts'), `${guest.knownHostsLine}\n`, { mode: 0o600 });
}
