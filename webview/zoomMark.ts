import { element, hide, setText } from './element';
import type { Store } from './store/store';
import { words } from './words';

/** Says which interval of the past is looked at; a press goes back to now. */
export class ZoomMark {
  readonly root = element('button', 'filter');

  constructor(back: () => void) {
    this.root.type = 'button';
    this.root.addEventListener('click', back);
  }

  render({ zoom, history }: Store): void {
    hide(this.root, !zoom);
    if (!zoom) return;
    const now = history.at.at(-1) ?? zoom.to;
    const { ago, duration } = words;
    const shown = words.zoom.shown(ago(zoom.from - now), ago(zoom.to - now), duration(zoom.to - zoom.from));
    setText(this.root, shown);
    this.root.setAttribute('aria-label', `${shown}. ${words.zoom.back}`);
    this.root.title = words.zoom.title(duration(zoom.resolution));
  }
}
