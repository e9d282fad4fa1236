import type { FrameLocator, Locator } from 'playwright-core';
import { words } from '../../webview/words';
import { columnIds, type ColumnId } from '../../webview/table/columns';

/** A row of the table as a person reads it. */
export type ShownRow = Readonly<Record<ColumnId, string>>;

/** What a person reads in the panel of the extension. */
export class TracePanel {
  constructor(readonly frame: FrameLocator) {}

  /** The state of the trace in a word or two. */
  get state(): Locator {
    return this.frame.locator('header strong');
  }

  /** The list of hosts, when there are several. */
  get hosts(): Locator {
    return this.frame.getByRole('combobox', { name: words.hostSwitch });
  }

  /** What is left out of the counts; hidden when nothing is. */
  get scope(): Locator {
    return this.frame.locator('header .scope');
  }

  /** The words that are shown: what is waited for, or what went wrong and what mends it. */
  get notice(): Locator {
    return this.frame.locator('.notice:visible');
  }

  /** What was not counted; empty when nothing is missing. */
  get warning(): Locator {
    return this.frame.locator('.warning');
  }

  /** What the heat map says of itself to a screen reader. */
  get summary(): Locator {
    return this.frame.getByRole('application');
  }

  /** Puts the rows in an order that does not change with the traffic. */
  async sortByInterface(): Promise<void> {
    await this.frame.getByRole('columnheader', { name: words.column.interface }).getByRole('button').click();
  }

  /** Every row of the table. Throws when the window is too low to draw all of them. */
  async rows(): Promise<ShownRow[]> {
    const { count, rows } = await this.drawnRows();
    if (rows.length !== count) throw new Error(`The table draws ${rows.length} of its ${count} rows.`);
    return rows;
  }

  /** How many rows the table has, and those of them that are drawn. */
  async drawnRows(): Promise<{ count: number; rows: ShownRow[] }> {
    const { count, rows } = await this.frame
      .getByRole('table', { name: words.tableName })
      .evaluate((table) => ({
        count: Number(table.getAttribute('aria-rowcount')) - 1,
        rows: Array.from(table.querySelectorAll('tbody tr:not(.filler)'), (row) =>
          Array.from(row.querySelectorAll('td'), (cell) => cell.textContent),
        ),
      }));
    const named = rows.map(
      (cells) => Object.fromEntries(columnIds.map((id, place) => [id, cells[place] ?? ''])) as ShownRow,
    );
    return { count, rows: named };
  }
}

/** The sum of a column that holds counts. */
export function sumOf(rows: readonly ShownRow[], column: ColumnId): number {
  return rows.reduce((sum, row) => sum + Number(row[column].replaceAll(',', '')), 0);
}
