// Runs a TypeScript script straight after a clone: installs the npm packages when package-lock.json has changed since
// they were installed, then hands over to tsx. Everything here is plain Node, as nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`Node ${process.versions.node} is too old: install Node 20 or newer.`);

const lock = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');
const stamp = `${root}node_modules/.rps-trace-lock`;
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('installing npm packages');
  // Install scripts only fetch or compile optional speed-ups; esbuild ships its program in a package of its own.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (npm.status !== 0) fail('npm ci failed, see above. Is the npm registry reachable?');
  writeFileSync(stamp, lock);
}

const [script, ...args] = process.argv.slice(2);
const tsx = `${root}node_modules/tsx/dist/cli.mjs`;
const child = spawnSync(process.execPath, [tsx, `${root}${script}`, ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(child.status ?? 1);

function fail(message) {
  console.error(message);
  process.exit(1);
}
