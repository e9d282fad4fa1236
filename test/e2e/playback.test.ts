import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../shared/messages/export';
import type { ToPanel } from '../../shared/messages/panel';
import type { Playback, ToPlayback } from '../../shared/messages/playback';
import { Player } from '../../src/recording/player';
import { Recording } from '../../src/recording/recording';
import { fileSource } from '../../src/recording/source';
import { openBrowser } from './browser';
import { makeFeed } from './panel/feed';
import { buildPanel, openPanel, type PanelPage } from './panel/page';
import { keepPicture, photograph } from './panel/pictures';
import { themeNames, type ThemeName } from './panel/themes';

const size = { width: 1200, height: 900 };

let browser: Browser;
beforeAll(async () => {
  await buildPanel();
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function withPanel(act: (panel: PanelPage) => Promise<void>, theme: ThemeName = 'dark'): Promise<void> {
  const panel = await openPanel(browser, size, { theme });
  try {
    await act(panel);
    expect(panel.errors).toEqual([]);
  } finally {
    await panel.page.close();
  }
}

const playback: Playback = {
  ...{
    position: 30,
    positions: 120,
    time: 1_700_000_030_000,
    from: 1_700_000_000_000,
    to: 1_700_000_119_000,
  },
  ...{
    playing: false,
    speed: 1,
    damage: [{ kind: 'block', number: 2, from: 1_700_000_060_000, to: 1_700_000_119_000 }],
  },
};

/** Asks for an export as VS Code does and waits for the answer. */
async function exported({ page }: PanelPage, format: ExportFormat): Promise<string> {
  await page.evaluate((wanted) => window.postMessage({ type: 'export', format: wanted }, '*'), format);
  const answer = async () =>
    page.evaluate(() => window.posted.findLast(({ type }) => type === 'exported' || type === 'notExported'));
  await expect.poll(answer, { timeout: 20_000 }).toMatchObject({ type: 'exported', format });
  const given = await answer();
  return given?.type === 'exported' ? given.content : '';
}

describe('the bar that plays recordings', () => {
  it.each(themeNames)('is accessible and names what is damaged, in %s', async (theme) => {
    await withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      await panel.send({ ...snapshot, state: { kind: 'recording', ended: false } });
      await panel.page.evaluate((data) => window.postMessage(data, '*'), { type: 'playback', playback });
      const { page } = panel;
      await page.getByText('Block 2, from').waitFor();
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () =>
        (await window.axe.run('footer')).violations.map(({ id }) => id),
      );
      expect(found).toEqual([]);
      await photograph(page, `playback-${theme}`);
    }, theme);
  });

  it('seeks by keys, steps and plays', async () => {
    await withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      await panel.send({ ...snapshot, state: { kind: 'recording', ended: false } });
      await panel.page.evaluate((data) => window.postMessage(data, '*'), { type: 'playback', playback });
      const { page } = panel;
      const slider = page.getByRole('slider', { name: 'Time in the recording' });
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/2023/);
      await slider.focus();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('button', { name: 'Step Back' }).click();
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('16');
      expect((await panel.posted()).slice(1)).toEqual([
        { type: 'seek', position: 31 },
        { type: 'pause' },
        { type: 'seek', position: 29 },
        { type: 'play' },
        { type: 'speed', speed: 16 },
      ]);
    });
  });
});

describe('a recording of a real host', () => {
  it('is shown with its decisions, its settings and what the doctor found', async () => {
    await withPanel(async (panel) => {
      const { page } = panel;
      const path = new URL('../fixtures/demo.rpsrec', import.meta.url).pathname;
      const recording = await Recording.open(await fileSource(path));
      const messages: (ToPanel | ToPlayback)[] = [];
      const player = new Player(recording, (message) => messages.push(message));
      await player.seek(recording.positions >> 1);
      player.dispose();
      await recording.close();
      for (const message of messages) {
        if (message.type === 'playback')
          await page.evaluate((data) => window.postMessage(data, '*'), message);
        else await panel.send(message);
      }
      await page.getByText('demo-guest').waitFor();
      await page.getByRole('slider', { name: 'Time in the recording' }).waitFor();
      await expect.poll(() => page.locator('tbody tr:not(.filler)').count()).toBeGreaterThan(3);
      for (const tab of ['Traffic', 'Softnet', 'Configuration', 'Doctor']) {
        await page.getByRole('tab', { name: tab }).click();
        await photograph(page, `recorded-${tab}`);
      }
      // There is nothing to filter, and no other place to open it in.
      expect(await page.getByRole('button', { name: 'Set Packet Filter…' }).isVisible()).toBe(false);
    });
  });
});

describe('an export', () => {
  it('as CSV and JSON has every row of the table', async () => {
    await withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      await panel.send(snapshot);
      const [head = '', ...lines] = (await exported(panel, 'csv')).trimEnd().split('\r\n');
      expect(head).toMatch(
        /^interface,namespace,netns,ifindex,queue,cpu,node,target,target_node,verdict,skbs_per_second,/,
      );
      expect(lines).toHaveLength(snapshot.keys.length);
      const json = JSON.parse(await exported(panel, 'json')) as { host: string; rows: { skbs: number }[] };
      expect(json.host).toBe(snapshot.host);
      const sum = json.rows.reduce((all, { skbs }) => all + skbs, 0);
      expect(sum).toBe(snapshot.totals.filter((_, place) => place % 3 === 0).reduce((a, b) => a + b, 0));
    });
  });

  it.each(themeNames)('as SVG and PNG shows the matrix and the chart in %s', async (theme) => {
    await withPanel(async (panel) => {
      await panel.send(makeFeed(64, 2).snapshot);
      const svg = await exported(panel, 'svg');
      expect(svg).toContain('alice@web-1.example.org');
      const cells = [...svg.matchAll(/H[\d.]+V[\d.]+H/g)].length;
      expect(cells).toBe(64 * 65);
      const png = Buffer.from(await exported(panel, 'png'), 'base64');
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBe(1920);
      await keepPicture(`export-${theme}`, png);
    }, theme);
  });
});
