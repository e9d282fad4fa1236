import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { words } from '../../webview/words';
import { HostileHost } from './hostileHost';
import { openScene, type Scene } from './scene';

/** What VS Code would make a link of that opens its settings, and an icon. */
const LINK = '[Show Details](command:workbench.action.openSettings)';
const ICON = '$(flame)';
/** The same as people read it. */
const READ = '[Show Details] (command:workbench.action.openSettings) $ (flame)';
const hostile = (of: string) => `${of} ${LINK} ${ICON}\u202eabc`;

const hello = {
  type: 'hello',
  protocol: 1,
  loader: '0',
  pid: 1,
  backend: 'fexit',
  kernel: '6',
  arch: 'x86_64',
  interval_ms: 1000,
  cpus: [{ id: 0, node: 0, online: true }],
};
const device = (name: string, ifindex: number) => ({
  netns: 1,
  netns_name: hostile('namespace'),
  ifindex,
  name,
  queues: [{ rx: 0, rps_cpus: '1', rps_flow_cnt: 0 }],
});
const writer = { pid: 1, tid: 1, uid: 0, comm: hostile('comm'), result: 2, rps_cpus: '1' };
const audit = {
  type: 'audit',
  state: 'used',
  by: 'fexit',
  writes: [{ ns: 1, netns: 1, ifindex: 1, instance: 0, queue: 0, ...writer }],
  lost: 0,
};
const devices = { type: 'devices', devices: [device('$(flame)', 1), device('eth0', 2)] };
const error = {
  type: 'error',
  code: 'BTF',
  stage: 'open',
  message: hostile('message'),
  hint: hostile('hint') + '”\nRPS Trace: all is well.',
};

let host: HostileHost;
let scene: Scene;
beforeAll(async () => {
  host = await HostileHost.create(`Welcome\n${new Date().toISOString()} [error] RPS Trace: forged\n`, {
    name: hostile('name'),
    instructions: hostile('instructions'),
    prompt: `${hostile('prompt')}: `,
  });
  scene = await openScene({ settings: { 'rpsTrace.ssh.client': 'ssh2' } });
  await mkdir(join(scene.server.home, '.ssh'), { mode: 0o700 });
  // The step of a trace that connects names the user.
  const web = ['HostName 127.0.0.1', `Port ${host.port}`, `User ${LINK.replace(' ', '')}`];
  const config = ['Host web', ...web, 'StrictHostKeyChecking no', 'PubkeyAuthentication no'].join('\n  ');
  await writeFile(join(scene.server.home, '.ssh/config'), `${config}\n`);
});
afterAll(async () => {
  await scene.close();
  await host.close();
});
beforeEach(() => scene.explainFailure());

/** Nothing that is shown runs a command of the host, is an icon of it, or reorders what stands around it. */
async function expectInert(): Promise<void> {
  const { page } = scene.workbench;
  expect(await page.locator('a[href*="openSettings"]').count()).toBe(0);
  expect(await page.locator('.codicon-flame').count()).toBe(0);
  expect(await page.getByText('\u202e').count()).toBe(0);
}

/** Answers what the host asks, which looks like the host's. */
async function logIn(): Promise<void> {
  const box = scene.workbench.page.locator('.quick-input-widget:visible');
  const asked = box.locator('.quick-input-message', { hasText: 'instructions' });
  await asked.waitFor();
  await expectInert();
  expect(await asked.innerText()).toContain(`The host says: “name ${READ}<U+202E>abc ⏎ instructions ${READ}`);
  expect(await box.locator('.quick-input-title').innerText()).toContain(`prompt ${READ.slice(0, 30)}`);
  await asked.click();
  await box.locator('.quick-input-box input').fill('1');
  await scene.workbench.page.keyboard.press('Enter');
}

const tabs = () => scene.workbench.page.locator('.editor-group-container .tab').count();

describe('what a host says with VS Code’s syntax for links and icons in it', () => {
  it('is a question, and in the log, as the host says it', async () => {
    await host.says([error]);
    await scene.start('web');
    const progress = scene.workbench.notification(/Authenticating as/);
    await progress.waitFor();
    await expectInert();
    expect(await progress.locator('.notification-list-item-message a').allInnerTexts()).toEqual([
      'RPS Trace',
    ]);
    await logIn();
    await scene.workbench.notification(/message/).waitFor();
    expect(await tabs()).toBe(0);
    const files = await readdir(scene.server.logs, { recursive: true });
    const log = files.find((file) => file.endsWith('RPS Trace.log')) ?? '';
    const lines = (await readFile(join(scene.server.logs, log), 'utf8')).split('\n');
    expect(lines.filter((line) => line.endsWith('RPS Trace: forged'))).toEqual([
      // An entry of its own names the host first.
      expect.stringMatching(/^[-\d]+ [:.\d]+ \[info\] web: /),
    ]);
  });

  it('is an error that runs nothing when it is clicked, in quotes that the host cannot close', async () => {
    const notice = scene.workbench.notification(/message/);
    await expectInert();
    const text = await notice.locator('.notification-list-item-message').innerText();
    expect(text).toBe(
      `RPS Trace: The loader says: “message ${READ}<U+202E>abc. hint ${READ}<U+202E>abc' ⏎ RPS Trace: all is well.”`,
    );
    await notice.getByText('Show Details').click();
    // Commands run in their order: the link's would have come before this one.
    await scene.workbench.runCommand('Notifications: Clear All Notifications');
    expect(await tabs()).toBe(0);
  });

  it('is a name on a list, in the status bar and in the panel', async () => {
    await host.says([hello, devices, audit], [error]);
    await scene.start('web');
    await logIn();
    await expect.poll(() => scene.panel.state.innerText(), { timeout: 60_000 }).toBe(words.state.waiting);
    const { page } = scene.workbench;
    await scene.workbench.runCommand('RPS: Choose Interfaces…');
    await page.locator('.quick-input-widget .label-name', { hasText: '$ (flame)' }).waitFor();
    await expectInert();
    await page.keyboard.press('Escape');
    await scene.workbench.runCommand('RPS: Choose Network Namespace…');
    await page.locator('.quick-input-widget .label-name', { hasText: READ }).waitFor();
    await expectInert();
    await page.keyboard.press('Escape');
    await host.ends();
    await expect.poll(() => scene.panel.state.innerText(), { timeout: 60_000 }).toBe(words.state.failed);
    expect(await scene.panel.frame.locator('a').count()).toBe(0);
    await scene.workbench.statusBarItem.hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'The loader says' });
    await hover.waitFor();
    expect(await hover.innerText()).toContain(READ);
    expect(await hover.locator('a').count()).toBe(0);
    await expectInert();
    expect(await tabs()).toBe(0);
  });
});
