import { deviceKey } from '../../shared/messages/panel';
import { element, setText } from '../element';
import { compact } from '../format';
import type { Store } from '../store/store';
import type { Theme } from '../theme';
import { words } from '../words';
import { LINES, strokeOf } from './colors';
import type { Line, Lines } from './lines';

/** The lines' names with their values at one point: under the cursor, or the newest. */
export class Legend {
  readonly root = element('ul', 'lines');
  readonly #mark = element('li', 'changed');
  readonly #items: { root: HTMLElement; mark: HTMLElement; name: HTMLElement; value: HTMLElement }[] = [];

  show(store: Store, { lines, at }: Lines, point: number | undefined, theme: Theme, changed: string): void {
    setText(this.#mark, changed);
    this.#mark.hidden = changed === '';
    if (!this.#mark.isConnected) this.root.append(this.#mark);
    while (this.#items.length > lines.length) this.#items.pop()?.root.remove();
    while (this.#items.length < lines.length) this.#add();
    for (const [place, { root, mark, name, value }] of this.#items.entries()) {
      const line = lines[place];
      if (!line) continue;
      const { color, dash } = strokeOf(theme.kind, line.key ? place : LINES);
      mark.style.borderTopColor = color;
      mark.style.borderTopStyle = dash.length > 0 ? 'dashed' : 'solid';
      setText(name, nameOf(line, store));
      const number = line.values[point ?? at.length - 1];
      setText(value, typeof number === 'number' ? compact(number) : '–');
      root.title = nameOf(line, store);
    }
  }

  #add(): void {
    const mark = element('span', 'mark');
    const name = element('span', 'name');
    const value = element('span', 'value');
    const root = element('li', '', mark, name, value);
    this.#items.push({ root, mark, name, value });
    this.#mark.before(root);
  }
}

/** What a person calls a line. */
export function nameOf({ key }: Line, { links }: Store): string {
  if (!key) return words.chart.rest;
  switch (key.by) {
    case 'target':
      return key.name === '-1' ? words.none : words.cpu(Number(key.name));
    case 'interface': {
      const link = links.all.find((one) => deviceKey(one) === key.name);
      return link ? words.linkIn(link.name, link.namespace) : key.name;
    }
    case 'queue': {
      const [device, queue = ''] = key.name.split('/');
      const link = links.all.find((one) => deviceKey(one) === device);
      return link ? words.queueIn(link.name, link.namespace, queue) : key.name;
    }
    case 'verdict':
      return Object.entries(words.verdict).find(([verdict]) => verdict === key.name)?.[1] ?? key.name;
  }
}
