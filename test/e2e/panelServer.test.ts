import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser';
import { photograph } from './panel/pictures';
import { themeNames, themes } from './panel/themes';

const root = new URL('../../', import.meta.url).pathname;

interface Running {
  readonly process: ChildProcess;
  /** Where it says that it is. */
  readonly url: string;
}

/** Starts `npm run panel` as a terminal does: Ctrl+C reaches every process of the group. */
async function start(): Promise<Running> {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'scripts/panel.ts', '--port', '0'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, url: /http:\S+/.exec(line)?.[0] ?? line };
}

function signal({ process: { pid } }: Running, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}

/** Ends what is left of it, if anything is. */
function kill(one: Running): void {
  try {
    signal(one, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

let browser: Browser;
let running: Running;
beforeAll(async () => {
  running = await start();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  kill(running);
});

/** Opens the page, and insists that neither it nor the panel in it had anything to complain of. */
async function withPage(act: (page: Page, panel: FrameLocator) => Promise<void>, query = ''): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, locale: 'en-US' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  try {
    await page.goto(running.url + query);
    await act(page, page.frameLocator('iframe'));
    expect(errors).toEqual([]);
  } finally {
    await page.close();
  }
}

const pick = (page: Page, name: string, value: string) =>
  page.getByRole('combobox', { name, exact: true }).selectOption(value);

/** Waits until the panel shows a host with this many CPUs. */
const shows = (panel: FrameLocator, cpus: number) => panel.getByText(`${cpus} CPUs,`).waitFor();

describe('npm run panel', () => {
  it('draws a made-up host, live, and switches its CPUs', () =>
    withPage(async (page, panel) => {
      await shows(panel, 4);
      const rate = panel.locator('.figure-rate dd');
      const before = await rate.innerText();
      await expect.poll(() => rate.innerText()).not.toBe(before);
      for (const cpus of [256, 64]) {
        await pick(page, 'CPUs', String(cpus));
        await shows(panel, cpus);
      }
    }));

  it('goes over to every theme without loading the panel anew', () =>
    withPage(async (page, panel) => {
      await shows(panel, 64);
      await panel.locator('body').evaluate((body) => body.setAttribute('data-same', ''));
      for (const name of themeNames) {
        await pick(page, 'Theme', name);
        const kind = panel.locator('body[data-same]').getAttribute('data-vscode-theme-kind');
        expect(await kind).toBe(themes[name].kind);
        await photograph(page, `alone-${name}`);
      }
    }, '?cpus=64'));

  it('lets masks be predicted, applied and kept', () =>
    withPage(async (_, panel) => {
      const press = (name: string) => panel.getByRole('button', { name, exact: true }).click();
      await panel.getByRole('tab', { name: 'Tuning' }).click();
      await panel.getByRole('checkbox', { name: 'ens1f0np0' }).check();
      await panel.getByRole('textbox', { name: 'Mask' }).fill('3');
      await press('Predict');
      await panel.getByText('No mask gets below 41% on one CPU').waitFor();
      await press('Apply… (Candidate A)');
      await press('Write…');
      await press('Keep');
      await panel.getByText('Kept, until the host restarts.').waitFor();
    }));

  it('loads anew, and comes back as it was, when a source is written', () =>
    withPage(async (page, panel) => {
      await pick(page, 'CPUs', '64');
      await panel.getByRole('tab', { name: 'Tuning' }).click();
      await page.locator('body').evaluate((body) => body.setAttribute('data-old', ''));
      await utimes(join(root, 'webview', 'main.css'), new Date(), new Date());
      await page.locator('body:not([data-old])').waitFor();
      await shows(panel, 64);
      await panel.getByRole('tab', { name: 'Tuning', selected: true }).waitFor();
    }));

  it('speaks Chinese', () =>
    withPage(async (page, panel) => {
      await pick(page, 'Language', 'zh-cn');
      await panel.getByRole('tab', { name: '调优' }).waitFor();
    }));

  it('plays a recording', () =>
    withPage(async (page, panel) => {
      await pick(page, 'Source', 'test/fixtures/demo.rpsrec');
      await panel.getByText('demo-guest').waitFor();
      await panel.getByRole('button', { name: 'Play' }).click();
      await panel.getByRole('button', { name: 'Pause' }).waitFor();
    }));

  it('answers no page of another site, nor one whose name leads here', async () => {
    const status = async (headers: Record<string, string>) => {
      const [response] = (await once(get(running.url, { headers }), 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    expect(await status({})).toBe(200);
    expect(await status({ Origin: 'https://example.org' })).toBe(403);
    expect(await status({ Host: 'example.org' })).toBe(403);
  });

  it('ends at Ctrl+C', async () => {
    const one = await start();
    signal(one, 'SIGINT');
    const answer = () =>
      fetch(one.url).then(
        () => 'there',
        () => 'gone',
      );
    await expect
      .poll(answer)
      .toBe('gone')
      .finally(() => kill(one));
  });
});
