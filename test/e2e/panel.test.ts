import { stat } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hostNetns, makeFeed } from './panel/feed';
import type { PanelPage } from './panel/page';
import { dataRows, heatmap, panelPages, tall, texts, tooltip } from './panel/pages';
import { photograph } from './panel/pictures';
import { themeNames, themes } from './panel/themes';
import { untuned } from './panel/tuning';

const withPanel = panelPages();
const low = { width: 1200, height: 300 };

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
      const later = [...next.counts].reduce((sum, value, place) => (place % 3 === 0 ? sum + value : sum), 0);
      await expect.poll(() => figures.innerText()).toContain(later.toLocaleString('en'));
      await panel.page.getByText('Total', { exact: true }).click();
      await expect.poll(() => figures.innerText()).toContain((all + later).toLocaleString('en'));
    }));

  it('asks for everything anew, once, when a sample was lost, and shows the right numbers then', () =>
    withPanel(async (panel) => {
      const feed = makeFeed(4, 2);
      await panel.send(feed.snapshot);
      const ready = async () => (await panel.posted()).filter(({ type }) => type === 'ready').length;
      await panel.send(feed.next());
      expect(await ready()).toBe(1);
      feed.next();
      for (let late = 0; late < 3; late++) await panel.send(feed.next());
      expect(await ready()).toBe(2);
      const { snapshot } = makeFeed(4, 2);
      await panel.send(snapshot);
      expect((await texts(dataRows(panel).first()))[8]).toBe('23,769');
      expect(await ready()).toBe(2);
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

  it('speaks Simplified Chinese where VS Code does', () =>
    withPanel(
      async (panel) => {
        await panel.send(makeFeed(4, 2).snapshot);
        await panel.send({ type: 'tuning', tuning: untuned });
        await panel.page.getByRole('button', { name: '停止' }).waitFor();
        await photograph(panel.page, 'zh-cn');
        const said = await panel.page.locator('#app').innerText();
        for (const text of ['正在跟踪', '目标 CPU', '时间变化', '计数器', '调优'])
          expect(said).toContain(text);
        for (const tab of ['Softnet', '配置', '诊断', '调优']) {
          await panel.page.getByRole('tab', { name: tab }).click();
          await photograph(panel.page, `zh-cn-${tab}`);
        }
      },
      tall,
      { language: 'zh-cn' },
    ));

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

  it('says at a mark on the chart which process has changed the masks, whatever its name is', () =>
    withPanel(async (panel) => {
      await panel.send(makeFeed(4, 2).snapshot);
      const by = { writers: [{ name: '<b>tuned', pid: 800, uid: 0, login: 1000 }], count: 1 };
      await panel.send({
        type: 'marks',
        marks: [{ at: 4998, what: 'masks', names: ['eth0'], count: 1, by }],
      });
      const chart = panel.page.getByRole('slider', { name: 'Decisions per second over time' });
      await chart.focus();
      for (const key of ['ArrowLeft', 'ArrowLeft']) await panel.page.keyboard.press(key);
      const text = 'Masks or flow tables changed: eth0, by <b>tuned (pid 800, uid 0, logged in as 1000)';
      await panel.page.getByText(text).waitFor();
      expect(await chart.getAttribute('aria-valuetext')).toContain(text);
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
