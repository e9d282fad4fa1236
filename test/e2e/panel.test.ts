import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser';
import { hostNetns, makeFeed } from './panel/feed';
import { buildPanel, objections, withPage, type PanelPage } from './panel/page';
import { themes, type ThemeName } from './panel/themes';

const low = { width: 1200, height: 300 };
const tall = { width: 1200, height: 900 };
const narrow = { width: 400, height: 700 };
const themeNames = Object.keys(themes) as ThemeName[];
const pictures = process.env['RPS_TRACE_PICTURES'] ?? join(tmpdir(), `rps-trace-pictures-${process.pid}`);

let browser: Browser;
beforeAll(async () => {
  await Promise.all([buildPanel(), mkdir(pictures, { recursive: true })]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  if (!process.env['RPS_TRACE_PICTURES']) await rm(pictures, { recursive: true });
});

const withPanel = (
  act: (panel: PanelPage) => Promise<void>,
  size = tall,
  options: Parameters<typeof withPage>[3] = {},
) => withPage(browser, act, size, options);

const heatmap = ({ page }: PanelPage) => page.getByRole('application');
const tooltip = ({ page }: PanelPage) => page.getByRole('tooltip');
const dataRows = ({ page }: PanelPage) => page.locator('tbody tr:not(.filler)');
const texts = (row: Locator) => row.locator('td').allTextContents();

/** Runs in the page: a sample of 256 times 256 new rows, each with one skb less than the one before. */
function fill(netns: number): void {
  const count = 65536;
  const values = Float64Array.from({ length: count * 3 }, (_, place) => count - Math.floor(place / 3));
  window.postMessage({
    type: 'sample',
    added: {
      columns: Float64Array.from(
        Array.from({ length: count }, (_, row) => [netns, 2, 14, 0, row >> 8, row & 255, 0]).flat(),
      ),
    },
    index: Uint32Array.from({ length: count }, (_, row) => row),
    totals: values,
    rates: values,
  });
}

/** What an element looks like in the page, in the words of its computed style. */
const styleOf = (locator: Locator, name: string) =>
  locator.evaluate((node, property) => getComputedStyle(node).getPropertyValue(property), name);

describe('the panel alone', () => {
  it('is at most 300 KiB of script', async () => {
    const { size } = await stat(new URL('../../dist/webview/main.js', import.meta.url));
    expect(size).toBeLessThanOrEqual(300 * 1024);
  });

  it('says that it listens, and that nothing is traced', () =>
    withPanel(async (panel) => {
      expect(await panel.posted()).toEqual([{ type: 'ready' }]);
      await panel.page.getByRole('button', { name: 'Start Tracing…' }).click();
      expect((await panel.posted()).at(-1)).toEqual({ type: 'command', command: 'start' });
    }));

  it('shows rates, shares and the busiest cell of a trace, then what changes', () =>
    withPanel(async (panel) => {
      const feed = makeFeed(4, 2);
      const { snapshot } = feed;
      await panel.send(snapshot);
      const all = snapshot.rates.reduce((sum, value, place) => (place % 3 === 0 ? sum + value : sum), 0);
      const figures = panel.page.locator('.figures');
      expect(await figures.innerText()).toContain(all.toLocaleString('en'));
      expect(await heatmap(panel).getAttribute('aria-label')).toMatch(
        /4 current CPUs by 4 target CPUs and none\. [\d,]+ skbs\/s\. Busiest: CPU 0 → CPU 0, 24,240 skbs\/s\./,
      );
      expect(await figures.innerText()).toMatch(/CPU 0: [\d.]+ × mean/);
      const next = feed.next();
      await panel.send(next);
      const later = next.rates.reduce((sum, value, place) => (place % 3 === 0 ? sum + value : sum), 0);
      await expect.poll(() => figures.innerText()).toContain(later.toLocaleString('en'));
      await panel.page.getByText('Total', { exact: true }).click();
      await expect.poll(() => figures.innerText()).toContain((all + later).toLocaleString('en'));
    }));

  it('shows every row of the table exactly, and sorts by a header, by mouse and by keyboard', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      const header = (name: string) => panel.page.getByRole('columnheader', { name });
      expect(await header('skbs/s').getAttribute('aria-sort')).toBe('descending');
      expect(await texts(dataRows(panel).first())).toEqual([
        'ens1f0np0',
        'host',
        '0',
        '0',
        '0',
        '0',
        'map',
        '23,769',
        '23,769',
        '57,046',
        '34,417,512',
      ]);
      await header('Interface').getByRole('button').click();
      await expect.poll(() => header('Interface').getAttribute('aria-sort')).toBe('ascending');
      await panel.page.keyboard.press('Enter');
      await expect.poll(() => header('Interface').getAttribute('aria-sort')).toBe('descending');
      expect((await texts(dataRows(panel).first())).slice(0, 2)).toEqual(['eth0', 'web']);
    }));

  it('tells a cell under the mouse exactly, and filters the table by a click', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      await heatmap(panel).hover({ position: { x: 80, y: 60 } });
      const said = await tooltip(panel).innerText();
      expect(said).toContain('CPU 0 → CPU 0');
      expect(said).toContain('CPU 0, node 0');
      expect(said).toContain('24,240 skbs/s');
      await panel.page.mouse.down();
      await panel.page.mouse.up();
      await expect.poll(() => dataRows(panel).count()).toBe(2);
      expect(await panel.page.getByRole('table').getAttribute('aria-rowcount')).toBe('3');
      await panel.page.getByRole('button', { name: 'Show all rows' }).click();
      await expect.poll(() => dataRows(panel).count()).toBe(14);
    }));

  it('is walked by keyboard: cells are spoken, Enter filters, Escape clears', () =>
    withPanel(async ({ page, ...rest }) => {
      const panel = { page, ...rest };
      await panel.send(makeFeed(4, 2).snapshot);
      await heatmap(panel).focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight'])
        await page.keyboard.press(key);
      expect(await tooltip(panel).innerText()).toContain('CPU 2 → CPU 2');
      expect(await page.getByRole('log').textContent()).toMatch(
        /^CPU 2 → CPU 2, same CPU, Rate [\d,]+ skbs\/s/,
      );
      await page.keyboard.press('End');
      expect(await tooltip(panel).innerText()).toContain('CPU 2 → none');
      await page.keyboard.press('Enter');
      await expect.poll(() => dataRows(panel).count()).toBe(1);
      expect((await texts(dataRows(panel).first()))[5]).toBe('none');
      await page.keyboard.press('Escape');
      await expect.poll(() => dataRows(panel).count()).toBe(14);
      expect(await tooltip(panel).isVisible()).toBe(false);
    }));

  it('keeps names with markup, quotes and right-to-left text as text', () =>
    withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      const name = `<img src=x onerror="window.posted.push('x')">'"`;
      const device = { netns: hostNetns, name, netns_name: '<script>\u202eabc', queues: [] };
      await panel.send({
        ...snapshot,
        host: '<b>host</b>',
        devices: [2, 3].map((ifindex) => ({ ...device, ifindex, instance: 12 + ifindex })),
      });
      expect((await texts(dataRows(panel).first())).slice(0, 2)).toEqual([name, '<script>\u202eabc']);
      expect(await panel.page.locator('header').innerText()).toContain('<b>host</b>');
      expect(await panel.page.locator('#app img, #app b, #app script').count()).toBe(0);
      expect(await panel.posted()).toEqual([{ type: 'ready' }]);
    }));

  it('filters by the label of a row or a column, by mouse and by keyboard', () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await panel.send(makeFeed(4, 2).snapshot);
      await heatmap(panel).click({ position: { x: 20, y: 210 } });
      await page.getByText('Only CPU 2 → any CPU').waitFor();
      await expect.poll(() => dataRows(panel).count()).toBe(6);
      await heatmap(panel).click({ position: { x: 410, y: 22 } });
      await page.getByText('Only any CPU → none').waitFor();
      await expect.poll(() => dataRows(panel).count()).toBe(2);
      await heatmap(panel).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('r');
      await page.getByText('Only CPU 0 → any CPU').waitFor();
      await page.keyboard.press('c');
      await page.getByText('Only any CPU → CPU 0').waitFor();
    }));

  it('speaks Simplified Chinese where VS Code does', () =>
    withPanel(
      async (panel) => {
        await panel.send(makeFeed(4, 2).snapshot);
        await panel.page.getByRole('button', { name: '停止' }).waitFor();
        await panel.page.screenshot({ path: join(pictures, 'zh-cn.png') });
        const said = await panel.page.locator('#app').innerText();
        for (const text of ['正在跟踪', '目标 CPU', '时间变化', '计数器', '调优'])
          expect(said).toContain(text);
      },
      tall,
      { language: 'zh-cn' },
    ));

  it('finds and groups rows, and copies what it shows', () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await panel.send(makeFeed(4, 2).snapshot);
      await page.getByRole('searchbox', { name: 'Filter rows' }).fill('web 1');
      await page.getByText('2 of 14 rows').waitFor();
      await page.getByRole('searchbox').fill('');
      await page.getByRole('combobox', { name: 'Group rows' }).selectOption('By target CPU');
      await page.getByText('5 rows').waitFor();
      expect(await page.locator('th:visible').allInnerTexts()).toEqual([
        'Target',
        'skbs/s',
        'skbs',
        'Segments',
        'Bytes',
      ]);
      await page.getByRole('region', { name: 'Exact counters' }).focus();
      await page.keyboard.press('Control+c');
      await expect.poll(() => page.getByRole('log').textContent()).toBe('5 rows copied');
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied.split('\n').slice(0, 2)).toEqual([
        'Target\tskbs/s\tskbs\tSegments\tBytes',
        '0\t34308\t34308\t82340\t49677984',
      ]);
      await page.getByRole('button', { name: 'Copy rows, tab-separated' }).focus();
      await page.keyboard.press('Enter');
    }));

  it('draws rates over time by target, interface or verdict, and tells a point to mouse and keyboard', () =>
    withPanel(async (panel) => {
      const feed = makeFeed(4, 2);
      await panel.send(feed.snapshot);
      const chart = panel.page.getByRole('slider', { name: 'Decisions per second over time' });
      const lines = panel.page.locator('.lines li .name');
      const drawn = () => chart.locator('canvas').evaluate((node) => (node as HTMLCanvasElement).toDataURL());
      expect(await lines.allTextContents()).toEqual(['CPU 0', 'CPU 1', 'CPU 2', 'CPU 3', 'none']);
      const before = await drawn();
      await panel.send(feed.next());
      expect(await drawn()).not.toBe(before);
      expect(await chart.getAttribute('aria-valuetext')).toMatch(/^now: [\d.]+K skbs\/s$/);
      await chart.focus();
      await panel.page.keyboard.press('ArrowLeft');
      await panel.page.keyboard.press('ArrowLeft');
      expect(await chart.getAttribute('aria-valuetext')).toMatch(/^−2 s: [\d.]+K skbs\/s$/);
      await panel.page.getByRole('combobox', { name: 'Lines' }).selectOption('Interface');
      await expect.poll(() => lines.allTextContents()).toContain('eth0 (web)');
      await panel.page.getByRole('combobox', { name: 'Window' }).selectOption('10 min');
      await panel.page.getByText('Stacked').click();
      await panel.page.keyboard.press('ArrowLeft');
      await expect
        .poll(() => panel.page.evaluate(() => window.kept))
        .toMatchObject({ chart: { by: 'interface', seconds: 600, stacked: false } });
    }));

  it('goes from a finding to its CPU in another view, by keyboard too', () =>
    withPanel(async (panel) => {
      const { page } = panel;
      await panel.send(makeFeed(4, 2).snapshot);
      await page.getByRole('tab', { name: 'Traffic' }).focus();
      for (const key of ['End', 'ArrowLeft']) await page.keyboard.press(key);
      await page.getByText('CPU 1 drops packets: its backlog is full').waitFor();
      await page.getByRole('button', { name: 'CPU 1 in Softnet' }).click();
      await page.locator('tr.marked').getByText('871 / 1,000').waitFor();
      await page.getByRole('tab', { name: 'Configuration' }).click();
      await page.getByText('netdev_max_backlog', { exact: true }).waitFor();
    }));

  it('asks for the interval that is brushed on the chart', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      await panel.page.getByRole('slider').focus();
      for (const key of ['ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter'])
        await panel.page.keyboard.press(key);
      await expect.poll(async () => (await panel.posted()).at(-1)?.type).toBe('interval');
    }));

  it('keeps two panels on two hosts apart, and asks for the past only of the host it is about', async () => {
    const zoom = { host: 'web-2', from: 4900, to: 4950 };
    const asked = async (panel: PanelPage) => (await panel.posted()).slice(1);
    await withPanel(
      async (one) => {
        await withPanel(async (other) => {
          const { snapshot } = makeFeed(4, 2);
          await one.send({ ...snapshot, host: 'web-1' });
          await other.send({ ...makeFeed(64, 2).snapshot, host: 'web-2' });
          expect(await one.page.locator('header').innerText()).toMatch(/web-1.* 4 CPUs/s);
          expect(await other.page.locator('header').innerText()).toMatch(/web-2.* 64 CPUs/s);
          expect(await asked(one)).toEqual([]);
          await one.send({ ...snapshot, host: 'web-2' });
          expect(await asked(one)).toEqual([{ type: 'interval', from: 4900, to: 4950 }]);
          expect(await asked(other)).toEqual([]);
        });
      },
      tall,
      { kept: { zoom } },
    );
  });

  it('shows heat map or chart, not both, where it is too low', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      const chart = panel.page.getByRole('slider');
      expect(await chart.isVisible()).toBe(false);
      await panel.page.getByText('Over time', { exact: true }).first().click();
      await expect.poll(() => chart.isVisible()).toBe(true);
      expect(await heatmap(panel).isVisible()).toBe(false);
      await panel.page.setViewportSize(tall);
      await expect.poll(() => heatmap(panel).isVisible()).toBe(true);
    }, low));

  it('draws no more rows than are seen of 65,536, and scrolls to the last', () =>
    withPanel(async (panel) => {
      const { snapshot } = makeFeed(256, 4);
      await panel.send({ ...snapshot, keys: [], totals: new Float64Array(0), rates: new Float64Array(0) });
      await panel.page.evaluate(fill, hostNetns);
      await panel.page.getByText('65,536 rows').waitFor();
      expect(await dataRows(panel).count()).toBeLessThan(60);
      await panel.page.getByRole('region', { name: 'Exact counters' }).focus();
      await panel.page.keyboard.press('End');
      const last = dataRows(panel).last();
      await expect.poll(() => last.getAttribute('aria-rowindex')).toBe('65537');
      expect((await texts(last)).slice(4, 8)).toEqual(['255', '255', 'map', '1']);
      expect(await last.isVisible()).toBe(true);
    }));

  it('names the state, the reason and what to do when a trace fails, and shows what was counted', () =>
    withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      await panel.send(snapshot);
      const failed = {
        kind: 'failed',
        code: 'CONNECTION_LOST',
        message: 'web-1 is gone.',
        hint: 'Look at its cable.',
      } as const;
      await panel.send({ type: 'state', state: failed });
      await panel.send({ type: 'health', health: { ...snapshot.health, missed: 7, lost: 0, badLines: 2 } });
      const words = await panel.page.locator('#app').innerText();
      expect(words).toContain('web-1 is gone. (CONNECTION_LOST)');
      expect(words).toContain('Look at its cable.');
      expect(words).toContain('7 decisions missed');
      expect(words).toContain('2 lines of the loader could not be read');
      expect(await dataRows(panel).count()).toBe(14);
      await panel.page.locator('.notice:visible').getByRole('button', { name: 'Show Log' }).click();
      await panel.page.getByRole('button', { name: 'Resume' }).click();
      expect((await panel.posted()).slice(1)).toEqual([
        { type: 'command', command: 'showLog' },
        { type: 'command', command: 'start' },
      ]);
    }));

  it('offers to stop while it traces, and the log and an editor tab always', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      for (const name of ['Stop', 'Show Log', 'Open in Editor']) {
        await panel.page.getByRole('button', { name, exact: true }).click();
      }
      const commands = (await panel.posted())
        .slice(1)
        .map((message) => message.type === 'command' && message.command);
      expect(commands).toEqual(['stop', 'showLog', 'openInEditor']);
    }));

  it('comes back to the same view after it was away', () =>
    withPanel(
      async (panel) => {
        await panel.send(makeFeed(4, 2).snapshot);
        expect(await panel.page.getByRole('radio', { name: 'Log' }).isChecked()).toBe(true);
        expect(await dataRows(panel).count()).toBe(2);
        await panel.page.getByText('Linear').click();
        await expect.poll(() => panel.page.evaluate(() => window.kept)).toMatchObject({ scale: 'linear' });
      },
      tall,
      { kept: { scale: 'log', filter: { cpu: 0, target: 0 } } },
    ));

  it('follows the theme without being told again', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      const pixels = () => heatmap(panel).evaluate((node) => (node as HTMLCanvasElement).toDataURL());
      const seen = new Set<string>();
      for (const name of themeNames) {
        await panel.theme(name);
        seen.add(await pixels());
        const { r, g, b } = hex(themes[name].variables.foreground);
        expect(await styleOf(panel.page.locator('tbody tr.filler + tr').first(), 'color')).toBe(
          `rgb(${r}, ${g}, ${b})`,
        );
      }
      expect(seen.size).toBe(themeNames.length);
    }));

  it('stands holes in the numbers of CPUs, and counters near 2^64', () =>
    withPanel(async (panel) => {
      const { snapshot } = makeFeed(4, 2);
      const ids = [0, 2, 7, 300];
      const at = (id: number) => ids[id] ?? -1;
      await panel.send({
        ...snapshot,
        facts: snapshot.facts && {
          ...snapshot.facts,
          cpus: snapshot.facts.cpus.map((cpu) => ({ ...cpu, id: at(cpu.id), core: at(cpu.id) })),
        },
        keys: snapshot.keys.map((key) => ({ ...key, cpu: at(key.cpu), target: at(key.target) })),
        totals: snapshot.totals.map((total) => 2 ** 64 - total),
      });
      expect(await heatmap(panel).getAttribute('aria-label')).toContain('4 current CPUs');
      expect((await texts(dataRows(panel).first()))[8]).toMatch(/^18,446,744,073,709,5\d\d,\d{3}$/);
      await panel.page.getByText('Total', { exact: true }).click();
      await heatmap(panel).focus();
      await panel.page.keyboard.press('PageDown');
      expect(await tooltip(panel).innerText()).toContain('CPU 300 → CPU 0');
    }));

  it.each([
    ['a host without any CPU', 0],
    ['a host with one CPU', 1],
    ['a host with 512 CPUs', 512],
  ])('stands %s', (_, cpus) =>
    withPanel(async (panel) => {
      const { snapshot } = makeFeed(Math.max(cpus, 1), 1);
      const none = { keys: [], totals: new Float64Array(0), rates: new Float64Array(0), devices: [] };
      await panel.send(cpus > 0 ? snapshot : { ...snapshot, ...none, facts: undefined });
      expect(await panel.page.locator('header').innerText()).toContain(
        cpus > 0 ? 'Tracing' : 'Waiting for traffic',
      );
    }),
  );
});

function hex(color: string) {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return { r, g, b };
}

describe.each(themeNames)('in the %s theme', (theme) => {
  const { snapshot } = makeFeed(4, 2);
  const empty = { keys: [], totals: new Float64Array(0), rates: new Float64Array(0) };
  const failed = { kind: 'failed', code: 'SUDO_MISSING', message: 'No sudo.', hint: 'Install it.' } as const;

  it('has nothing that axe objects to, in any state and tab', () =>
    withPanel(
      async (panel) => {
        await panel.page.evaluate(axe.source);
        const states = [
          { ...snapshot, ...empty, host: undefined, state: { kind: 'idle' } as const },
          { ...snapshot, ...empty },
          { ...snapshot, health: { ...snapshot.health, missed: 1 } },
          { ...snapshot, state: failed },
        ];
        for (const message of states) {
          await panel.send(message);
          const found = await objections(panel);
          expect({ state: message.state.kind, found }).toEqual({ state: message.state.kind, found: [] });
        }
        for (const tab of ['Softnet', 'Configuration', 'Doctor', 'Tuning']) {
          await panel.page.getByRole('tab', { name: tab }).click();
          expect({ tab, found: await objections(panel) }).toEqual({ tab, found: [] });
        }
      },
      tall,
      { theme, kept: { filter: { cpu: 0, target: 0 } } },
    ));
});

/** Takes pictures of the chart in ways that are not the first to be seen. */
async function photographCharts(panel: PanelPage, cpus: number): Promise<void> {
  const { page } = panel;
  await page.getByRole('combobox', { name: 'Window' }).selectOption('10 min');
  for (const way of ['Stacked', 'Lines']) {
    await page.locator('.time').getByText(way, { exact: true }).click();
    for (const theme of themeNames) {
      await panel.theme(theme);
      await page.locator('.time').screenshot({ path: join(pictures, `${cpus}-${theme}-${way}.png`) });
    }
  }
}

describe('its layout', () => {
  it.each([
    [4, 2],
    [64, 2],
    [256, 8],
  ])('fits %i CPUs into a low, a tall and a narrow panel, in every theme', (cpus, nodes) =>
    withPanel(
      async (panel) => {
        const feed = makeFeed(cpus, nodes);
        await panel.send(feed.snapshot);
        for (const [name, size] of Object.entries({ low, tall, narrow })) {
          await panel.page.setViewportSize(size);
          for (const theme of themeNames) {
            await panel.theme(theme);
            await panel.page.screenshot({ path: join(pictures, `${cpus}-${theme}-${name}.png`) });
          }
          if (name === 'tall') await photographCharts(panel, cpus);
          const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide).toBeLessThanOrEqual(size.width);
          const map = await heatmap(panel).boundingBox();
          expect(map?.height).toBeGreaterThan(150);
          expect(map?.width).toBeGreaterThan(300);
        }
      },
      tall,
      { kept: cpus > 4 ? { scale: 'log' } : undefined },
    ),
  );
});
