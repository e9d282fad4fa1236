import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser } from '../browser';
import { buildPanel, withPage, type PanelPage } from './page';

export const tall = { width: 1200, height: 900 };

/** Opens a panel in a page of its own, does something there, and closes it; see `withPage`. */
export type WithPanel = (
  act: (panel: PanelPage) => Promise<void>,
  size?: { width: number; height: number },
  options?: Parameters<typeof withPage>[3],
) => Promise<void>;

/** Builds the panel, and gives the tests of a file one browser for all its pages. */
export function panelPages(): WithPanel {
  let browser: Browser;
  beforeAll(async () => {
    await buildPanel();
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  return (act, size = tall, options = {}) => withPage(browser, act, size, options);
}

export const heatmap = ({ page }: PanelPage) => page.getByRole('application');
export const tooltip = ({ page }: PanelPage) => page.getByRole('tooltip');
export const dataRows = ({ page }: PanelPage) => page.locator('tbody tr:not(.filler)');
/** The cells of a row. */
export const texts = (row: Locator) => row.locator('td').allTextContents();
