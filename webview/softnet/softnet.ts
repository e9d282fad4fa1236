import { element, setText } from '../element';
import { rate, whole } from '../format';
import { Grid } from '../grid/grid';
import type { Pointer, View, ViewContext, ViewEvents } from '../view';
import { words } from '../words';
import { softnetColumns, softnetRows, sumOf, type SoftnetColumn, type SoftnetRow } from './columns';

/** What every CPU does with packets, whoever steered them: /proc/net/softnet_stat, live. */
export class SoftnetView implements View {
  readonly root = element('section', 'facts-view');
  readonly #sums = element('span', 'dim');
  readonly #boot = element('span', 'dim');
  readonly #empty = element('p', 'empty dim', words.softnet.waiting);
  readonly #grid: Grid<SoftnetRow, SoftnetColumn>;
  #cpu: number | undefined;

  constructor({ change, redraw }: ViewEvents) {
    this.#grid = new Grid(words.softnet.name, softnetColumns, (softnet) => change({ softnet }), redraw);
    const bar = element('div', 'bar', element('h2', 'spoken', words.softnet.title), this.#sums, this.#boot);
    this.root.append(bar, this.#empty, this.#grid.root);
  }

  render({ store, view }: ViewContext): void {
    const rows = softnetRows(store);
    this.#empty.hidden = store.softnet !== undefined;
    this.#grid.root.hidden = !this.#empty.hidden;
    setText(this.#sums, said(words.softnet.sums, rows, 'rates', rate));
    setText(this.#boot, said(words.softnet.sinceBoot, rows, 'totals', whole));
    this.#grid.render({
      rows,
      sort: view.softnet,
      idle: ({ counts }) => (counts?.rates?.processed ?? 0) === 0,
      marked: ({ cpu }) => cpu === this.#cpu,
    });
  }

  point({ cpu }: Pointer): void {
    this.#cpu = cpu;
    this.#grid.reveal((row) => row.cpu === cpu);
  }
}

function said(
  sentence: (processed: string, dropped: string, ipis: string) => string,
  rows: readonly SoftnetRow[],
  part: 'rates' | 'totals',
  format: (value: number) => string,
): string {
  const [processed, dropped, ipis] = (['processed', 'dropped', 'ipis'] as const).map((name) =>
    format(sumOf(rows, part, name)),
  );
  return sentence(processed ?? '', dropped ?? '', ipis ?? '');
}
