import { element, hide, setText } from './element';
import { viewIds, type ViewId } from './view';
import { words } from './words';

/** A mark on a tab, and how bad it is. */
export interface Badge {
  readonly text: string;
  /** The same for a screen reader. */
  readonly label: string;
  readonly tone: 'error' | 'warning' | 'info';
}

/** The tabs of the panel's views: arrow keys, Home and End move between them (ARIA Authoring Practices, Tabs). */
export class Tabs {
  readonly root = element('div', 'tabs');
  readonly #tabs = new Map<ViewId, { readonly tab: HTMLButtonElement; readonly badge: HTMLElement }>();

  constructor(private readonly choose: (view: ViewId) => void) {
    this.root.setAttribute('role', 'tablist');
    this.root.setAttribute('aria-label', words.views.name);
    for (const id of viewIds) {
      const badge = element('span', 'badge');
      const tab = element('button', 'tab', element('span', '', words.views[id]), badge);
      tab.type = 'button';
      tab.id = `tab-${id}`;
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', 'view');
      tab.addEventListener('click', () => choose(id));
      tab.addEventListener('keydown', (event) => this.#key(event, id));
      this.#tabs.set(id, { tab, badge });
      this.root.append(tab);
    }
  }

  show(chosen: ViewId, badges: Partial<Record<ViewId, Badge | undefined>>): void {
    for (const [id, { tab, badge }] of this.#tabs) {
      const selected = id === chosen;
      if (tab.ariaSelected !== String(selected)) tab.ariaSelected = String(selected);
      tab.tabIndex = selected ? 0 : -1;
      const mark = badges[id];
      hide(badge, !mark);
      if (!mark) continue;
      badge.dataset['tone'] = mark.tone;
      setText(badge, mark.text);
      badge.setAttribute('aria-label', mark.label);
    }
  }

  #key(event: KeyboardEvent, at: ViewId): void {
    const last = viewIds.length - 1;
    const place = viewIds.indexOf(at);
    const places: Partial<Record<string, number>> = {
      ArrowLeft: place === 0 ? last : place - 1,
      ArrowRight: place === last ? 0 : place + 1,
      Home: 0,
      End: last,
    };
    const next = viewIds[places[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    this.choose(next);
    this.#tabs.get(next)?.tab.focus();
  }
}
