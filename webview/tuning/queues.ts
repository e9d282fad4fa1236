import { deviceKey } from '../../shared/messages/panel';
import { listOf } from '../../shared/masks/cpuSet';
import { element, setText } from '../element';
import { FindBox } from '../find';
import { whole } from '../format';
import { namespaceLabel } from '../store/links';
import { words } from '../words';
import { presentCpus, type QueuePlace, type Scene } from './scene';

interface Tick {
  readonly box: HTMLInputElement;
  /** The queues that it stands for. */
  readonly keys: readonly string[];
}

/** Chooses queues: one, several, or all of a device. The queues of a device unfold. */
export class QueueList {
  readonly root = element('div', 'queues');
  readonly #count = element('span', 'dim');
  readonly #list = element('ul', 'queue-list');
  readonly #find: FindBox;
  readonly #open = new Set<string>();
  #ticks: Tick[] = [];
  #built = '';
  #text = '';
  #scene: Scene | undefined;
  #chosen: readonly string[] = [];

  constructor(private readonly choose: (queues: readonly string[]) => void) {
    const { queues } = words.tuning;
    this.#find = new FindBox(queues.find, (text) => {
      this.#text = text;
      this.#draw();
    });
    this.#list.setAttribute('aria-label', queues.title);
    const bar = element('div', 'head', element('h3', '', queues.title), this.#count, this.#find.root);
    this.root.append(bar, this.#list);
  }

  /** @param gone how many of the chosen queues the host has no more. */
  render(scene: Scene, chosen: readonly string[], gone: number): void {
    this.#scene = scene;
    this.#chosen = chosen;
    const { count, gone: goneText } = words.tuning.queues;
    setText(
      this.#count,
      count(whole(chosen.length - gone), whole(scene.queues.size)) + (gone > 0 ? goneText(whole(gone)) : ''),
    );
    this.#draw();
  }

  /** Unfolds the device of a queue and scrolls there. */
  reveal(key: string): void {
    const place = this.#scene?.queues.get(key);
    if (!place) return;
    this.#open.add(deviceKey(place.device));
    this.#draw();
    this.#ticks
      .find(({ keys }) => keys.length === 1 && keys[0] === key)
      ?.box.scrollIntoView({ block: 'nearest' });
  }

  #draw(): void {
    const asked = this.#text.toLowerCase();
    const shown = [...(this.#scene?.queues.values() ?? [])].filter(({ device }) =>
      [device.name, namespaceLabel(device)].some((text) => text.toLowerCase().includes(asked)),
    );
    const built = JSON.stringify([
      [...this.#open],
      shown.map(({ key, device, queue }) => [key, device.name, queue]),
    ]);
    if (built !== this.#built) {
      this.#built = built;
      this.#build(shown);
    }
    const chosen = new Set(this.#chosen);
    for (const { box, keys } of this.#ticks) {
      const count = keys.filter((key) => chosen.has(key)).length;
      box.checked = count === keys.length;
      box.indeterminate = count > 0 && count < keys.length;
    }
  }

  #build(places: readonly QueuePlace[]): void {
    const held =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined;
    this.#ticks = [];
    const byDevice = new Map<string, QueuePlace[]>();
    for (const place of places) {
      const key = deviceKey(place.device);
      byDevice.set(key, [...(byDevice.get(key) ?? []), place]);
    }
    this.#list.replaceChildren(...[...byDevice].map(([key, own]) => this.#device(key, own)));
    if (held !== undefined)
      this.#list.querySelector<HTMLElement>(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }

  #device(key: string, places: readonly QueuePlace[]): HTMLElement {
    const [first] = places;
    if (!first) return element('li');
    const { device } = first;
    const { queues } = words.tuning;
    const open = this.#open.has(key);
    const fold = element('button', 'fold', open ? '▾' : '▸');
    fold.type = 'button';
    fold.dataset['key'] = `fold ${key}`;
    fold.ariaExpanded = String(open);
    fold.ariaLabel = queues.unfold(device.name);
    fold.addEventListener('click', () => {
      if (!this.#open.delete(key)) this.#open.add(key);
      this.#draw();
    });
    const masks = [...new Set(places.map(maskText))];
    const facts = [namespaceLabel(device), queues.number(places.length)];
    if (device.node !== undefined && device.node >= 0) facts.push(words.node(device.node));
    const mask = masks.length === 1 ? (masks[0] ?? '') : queues.differ;
    const tick = this.#tick(key, device.name, places);
    const line = element('div', 'line', fold, tick, note(facts.join(' · ')), note(mask));
    const item = element('li', '', line);
    if (open) item.append(element('ul', '', ...places.map((place) => this.#queue(place))));
    return item;
  }

  #queue(place: QueuePlace): HTMLElement {
    const { queues } = words.tuning;
    const { irq_cpus: irq } = place.queue;
    const tick = this.#tick(place.key, queues.rx(place.queue.rx), [place]);
    const line = element('div', 'line', tick, note(maskText(place)));
    if (irq !== undefined) line.append(note(queues.irq(irq)));
    return element('li', '', line);
  }

  #tick(key: string, name: string, places: readonly QueuePlace[]): HTMLElement {
    const box = element('input');
    box.type = 'checkbox';
    box.dataset['key'] = key;
    const keys = places.map((place) => place.key);
    box.addEventListener('change', () => {
      const rest = this.#chosen.filter((one) => !keys.includes(one));
      this.choose(box.checked ? [...rest, ...keys] : rest);
    });
    this.#ticks.push({ box, keys });
    return element('label', '', box, element('span', '', name));
  }
}

const note = (text: string) => element('span', 'dim', text);

/** The mask that a queue has now, in both forms. */
function maskText(place: QueuePlace): string {
  const cpus = presentCpus(place);
  return cpus.length === 0 ? words.tuning.queues.off : words.tuning.both(listOf(cpus), place.queue.rps_cpus);
}
