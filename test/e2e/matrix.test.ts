import { describe, expect, it } from 'vitest';
import { hostNetns, makeFeed } from './panel/feed';
import { dataRows, heatmap, panelPages, texts, tooltip } from './panel/pages';

const withPanel = panelPages();

/** Runs in the page: a sample of 256 times 256 new rows, each with one skb less than the one before. */
function fill(netns: number): void {
  const count = 65536;
  window.postMessage({
    type: 'sample',
    number: 1,
    added: {
      columns: Float64Array.from(
        Array.from({ length: count }, (_, row) => [netns, 2, 14, 0, row >> 8, row & 255, 0]).flat(),
      ),
    },
    index: { runs: Uint32Array.of(0, count) },
    counts: Uint32Array.from({ length: count * 3 }, (_, place) => count - Math.floor(place / 3)),
    interval: { end: 5001, seconds: 1 },
  });
}

describe('the matrix and the table', () => {
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
});
