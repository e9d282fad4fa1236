import type { Cpu } from '../../shared/frames/frames';
import type { CpuSet } from '../../shared/masks/cpuSet';
import { isKept, isUsable } from '../../shared/masks/kept';
import { element, setText } from '../element';
import { words } from '../words';
import { nextTile } from './walk';
import { topologyOf } from './topology';

/** What the picture shows beside where CPUs lie. */
export interface PictureState {
  readonly cpus: readonly Cpu[];
  /** CPUs in every mask that is edited. */
  readonly all: ReadonlySet<number>;
  /** CPUs in some of them. */
  readonly some: ReadonlySet<number>;
  /** CPUs that take the interrupts of the chosen queues. */
  readonly irq: ReadonlySet<number>;
}

/**
 * Nodes around last-level caches around cores around SMT siblings. Each CPU is a toggle, and the name of a node or cache
 * toggles all in it. One of the CPUs is in the order of Tab; the arrow keys, Home and End go to the others.
 */
export class CpuPicture {
  readonly root = element('div', 'topology');
  readonly #tiles = new Map<number, HTMLButtonElement>();
  #shown = '';

  constructor(private readonly toggle: (cpus: CpuSet) => void) {
    this.root.setAttribute('role', 'group');
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('focusin', ({ target }) => this.#rove(target));
  }

  /** @param name of what is edited. */
  render(name: string, state: PictureState): void {
    const shown = JSON.stringify(state.cpus);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#build(state.cpus);
    }
    this.root.setAttribute('aria-label', words.tuning.picture.name(name));
    for (const cpu of state.cpus) {
      const tile = this.#tiles.get(cpu.id);
      if (!tile) continue;
      const pressed = state.all.has(cpu.id) ? 'true' : state.some.has(cpu.id) ? 'mixed' : 'false';
      if (tile.ariaPressed !== pressed) tile.ariaPressed = pressed;
      const irq = state.irq.has(cpu.id);
      tile.classList.toggle('irq', irq);
      const label = labelOf(cpu, irq);
      if (tile.ariaLabel !== label) tile.ariaLabel = tile.title = label;
    }
  }

  #build(cpus: readonly Cpu[]): void {
    const focused = document.activeElement;
    const held = [...this.#tiles].find(([, tile]) => tile === focused)?.[0];
    this.#tiles.clear();
    const { node: nodeName, cache: cacheName } = words.tuning.picture;
    const nodes = topologyOf(cpus).map(({ node, caches }) => {
      const parts = caches.map(({ llc, cores }) => {
        const boxes = cores.map((core) => element('div', 'core', ...core.map((cpu) => this.#tile(cpu))));
        const grid = element('div', 'cores', ...boxes);
        // A single cache is the node once more.
        if (llc === undefined || caches.length === 1) return element('div', 'cache', grid);
        return element('div', 'cache', this.#all(cacheName(llc), cores.flat()), grid);
      });
      const all = this.#all(
        nodeName(node),
        caches.flatMap(({ cores }) => cores.flat()),
      );
      return element('div', 'node', all, element('div', 'caches', ...parts));
    });
    this.root.replaceChildren(...nodes);
    const first = this.root.querySelector<HTMLButtonElement>('.cpu');
    if (first) first.tabIndex = 0;
    if (held !== undefined) this.#tiles.get(held)?.focus();
  }

  #tile(cpu: Cpu): HTMLButtonElement {
    const tile = element('button', 'cpu', String(cpu.id));
    tile.type = 'button';
    tile.tabIndex = -1;
    tile.classList.toggle('offline', !cpu.online);
    tile.classList.toggle('isolated', cpu.isolated === true);
    tile.classList.toggle('dropped', isDropped(cpu));
    tile.addEventListener('click', () => this.toggle([cpu.id]));
    this.#tiles.set(cpu.id, tile);
    return tile;
  }

  #all(name: string, cpus: readonly Cpu[]): HTMLButtonElement {
    const button = element('button', 'all', name);
    button.type = 'button';
    const label = words.tuning.picture.all(name);
    button.title = label;
    button.ariaLabel = label;
    const wanted = cpus.filter(isUsable);
    button.addEventListener('click', () => this.toggle(wanted.map(({ id }) => id)));
    return button;
  }

  #key(event: KeyboardEvent): void {
    const tiles = [...this.root.querySelectorAll<HTMLButtonElement>('.cpu')];
    const at = tiles.findIndex((tile) => tile === event.target);
    const next = at < 0 ? undefined : nextTile(tiles, at, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** The tile that has focus is the one that Tab comes back to. */
  #rove(target: EventTarget | null): void {
    if (!(target instanceof HTMLButtonElement) || !target.classList.contains('cpu')) return;
    for (const tile of this.root.querySelectorAll<HTMLButtonElement>('.cpu[tabindex="0"]'))
      tile.tabIndex = -1;
    target.tabIndex = 0;
  }
}

/** Whether the kernel drops a CPU that is online from masks. */
const isDropped = (cpu: Cpu) => cpu.online && !isKept(cpu);

function labelOf(cpu: Cpu, irq: boolean): string {
  const { id, node, online, isolated } = cpu;
  const { offline, isolated: apart, dropped, irq: interrupt } = words.tuning.picture;
  return [
    words.cpu(id),
    words.node(node),
    ...(online ? [] : [offline]),
    ...(isolated === true ? [apart] : []),
    ...(isDropped(cpu) ? [dropped] : []),
    ...(irq ? [interrupt] : []),
  ].join(', ');
}

/** What the marks of the picture mean. */
export function pictureLegend(): HTMLElement {
  const { legend } = words.tuning;
  const entries = (['chosen', 'mixed', 'irq', 'isolated', 'dropped', 'offline'] as const).map((id) => {
    const swatch = element('span', `swatch ${id}`);
    swatch.setAttribute('aria-hidden', 'true');
    const text = element('span');
    setText(text, legend[id]);
    return element('li', '', swatch, text);
  });
  return element('ul', 'picture-legend dim', ...entries);
}
