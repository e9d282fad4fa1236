import { element, setText } from '../element';
import type { describeCell } from './describe';

/** The box beside the cell under the mouse or the keyboard's cursor. */
export class Tooltip {
  readonly root = element('div', 'tooltip');
  readonly #title = element('div', 'tooltip-title');
  readonly #kind = element('div', 'tooltip-kind');
  readonly #list = element('dl');

  constructor() {
    this.root.hidden = true;
    this.root.setAttribute('role', 'tooltip');
    this.root.append(this.#title, this.#kind, this.#list);
  }

  /** Shows a cell beside `anchor`, a rectangle in the window's CSS pixels, inside the window. */
  show(cell: ReturnType<typeof describeCell>, anchor: DOMRect): void {
    setText(this.#title, cell.name);
    setText(this.#kind, cell.kind);
    const texts = cell.lines.flat();
    while (this.#list.children.length > texts.length) this.#list.lastElementChild?.remove();
    for (const [number, text] of texts.entries()) {
      const line = this.#list.children[number] ?? this.#list.appendChild(element(number % 2 ? 'dd' : 'dt'));
      setText(line, text);
    }
    this.root.hidden = false;
    const { offsetWidth, offsetHeight } = this.root;
    const { clientWidth, clientHeight } = document.documentElement;
    const beside = anchor.right + 10;
    const x = beside + offsetWidth <= clientWidth - 4 ? beside : anchor.left - 10 - offsetWidth;
    const y = Math.min(anchor.bottom + 4, clientHeight - offsetHeight - 4);
    this.root.style.transform = `translate(${Math.max(4, Math.round(x))}px, ${Math.max(4, Math.round(y))}px)`;
  }

  hide(): void {
    this.root.hidden = true;
  }
}
