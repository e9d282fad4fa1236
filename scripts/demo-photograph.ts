import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '../test/e2e/browser';
import { TracePanel, type ShownRow } from '../test/e2e/tracePanel';
import { Workbench } from '../test/e2e/workbench';

/** Pairs of CPU and target between which packets have to flow before the picture is taken, and how long that may take. */
const FILLED_CELLS = 8;
const PATIENCE_MS = 180_000;
/** How much of the chart over time is to be seen. */
const HISTORY_MS = 25_000;

/** Opens VS Code in a browser, waits until the panel is live and well filled, and writes a PNG of the window. */
export async function photograph(url: string, file: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const workbench = await Workbench.open(browser, url, { width: 1600, height: 900 });
    const panel = new TracePanel(workbench.panel);
    const end = Date.now() + PATIENCE_MS;
    while (filledCells(await drawnRows(panel)) < FILLED_CELLS) {
      if (Date.now() > end) {
        await workbench.page.screenshot({ path: file });
        const state = await panel.state.textContent({ timeout: 1000 }).catch(() => 'no panel');
        throw new Error(
          `The panel did not fill within ${PATIENCE_MS / 1000} s (${String(state)}); see ${file}`,
        );
      }
      await sleep(500);
    }
    await sleep(HISTORY_MS);
    await workbench.page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

/** The rows to be seen; none as long as the panel is not there. */
async function drawnRows(panel: TracePanel): Promise<readonly ShownRow[]> {
  if ((await panel.state.count().catch(() => 0)) === 0) return [];
  return (await panel.drawnRows().catch(() => ({ rows: [] }))).rows;
}

function filledCells(rows: readonly ShownRow[]): number {
  return new Set(
    rows
      .filter(({ target, rate }) => target !== 'none' && rate !== '0')
      .map(({ cpu, target }) => `${cpu}>${target}`),
  ).size;
}
