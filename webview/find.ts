import { element } from './element';
import { words } from './words';

/** A box for words that rows must have. */
export class FindBox {
  readonly root = element('input', 'find');

  /** @param name what a screen reader calls it. */
  constructor(name: string, changed: (text: string) => void, title = name) {
    this.root.type = 'search';
    this.root.placeholder = words.find.placeholder;
    this.root.ariaLabel = name;
    this.root.title = title;
    this.root.spellcheck = false;
    this.root.addEventListener('input', () => changed(this.root.value));
  }

  show(text: string): void {
    if (this.root.value !== text) this.root.value = text;
  }
}
