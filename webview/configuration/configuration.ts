import { element, setText } from '../element';
import { FindBox } from '../find';
import { whole } from '../format';
import { Grid } from '../grid/grid';
import type { Pointer, View, ViewContext, ViewEvents } from '../view';
import { words } from '../words';
import { queueColumns, queueRows, type QueueColumn, type QueueRow } from './columns';
import { SettingsList } from './settings';

/** How the host hands packets out: its settings, and for every receive queue its CPUs and its interrupt. */
export class ConfigurationView implements View {
  readonly root = element('section', 'facts-view');
  readonly #count = element('span', 'dim');
  readonly #settings = new SettingsList();
  readonly #empty = element('p', 'empty dim', words.configuration.waiting);
  readonly #find: FindBox;
  readonly #grid: Grid<QueueRow, QueueColumn>;
  #pointer: Pointer = {};

  constructor({ change, redraw, visit }: ViewEvents) {
    const { name, title, find } = words.configuration;
    this.#grid = new Grid<QueueRow, QueueColumn>(name, queueColumns, (queues) => change({ queues }), redraw, {
      column: 'tune',
      label: ({ device, queue }) => words.tuning.tune(words.doctor.queue(device.name, queue.rx)),
      act: ({ device: { netns, ifindex }, queue: { rx: queue } }) =>
        visit('tuning', { netns, ifindex, queue }),
    });
    this.#find = new FindBox(find, (queueText) => change({ queueText }));
    const controls = element('div', 'controls', this.#count, this.#find.root);
    const bar = element('div', 'bar', element('h2', 'spoken', title), this.#settings.root, controls);
    this.root.append(bar, this.#empty, this.#grid.root);
  }

  render({ store, view }: ViewContext): void {
    const all = queueRows(store.devices);
    const asked = view.queueText.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = all.filter((row) => asked.every((word) => has(row, word)));
    this.#settings.render(store);
    this.#find.show(view.queueText);
    this.#empty.hidden = all.length > 0;
    this.#grid.root.hidden = all.length === 0;
    setText(this.#count, words.configuration.queues(whole(rows.length), whole(all.length)));
    this.#grid.render({
      rows,
      sort: view.queues,
      idle: ({ cpus, device }) => cpus === '' || device.up === false,
      marked: (row) => isAt(row, this.#pointer),
    });
  }

  point(pointer: Pointer): void {
    this.#pointer = pointer;
    this.#grid.reveal((row) => isAt(row, pointer));
  }
}

function has({ device, namespace, cpus }: QueueRow, word: string): boolean {
  const kind = device.kind ? words.configuration.kind[device.kind] : '';
  return [device.name, namespace, kind, cpus].some((text) => text.toLowerCase().includes(word));
}

function isAt({ device, queue }: QueueRow, { netns, ifindex, queue: rx }: Pointer): boolean {
  if (ifindex === undefined || device.ifindex !== ifindex) return false;
  return (netns === undefined || device.netns === netns) && (rx === undefined || queue.rx === rx);
}
