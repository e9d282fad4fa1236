import { chromium, type Browser } from 'playwright-core';
import { ensurePackages } from '../../scripts/apt';

/** Software rendering, no sandbox (tests may run as root), and no talk with the outside. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Debian's Chromium without a window, installing it first where it is missing. The caller closes it. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  await ensurePackages(['chromium', 'fonts-dejavu-core']);
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...more] });
}
