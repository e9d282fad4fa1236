import { element } from './element';

/** One of a few options side by side: radio buttons drawn as segments. */
export class Choice<T extends string> {
  readonly root: HTMLElement;
  readonly #inputs = new Map<T, HTMLInputElement>();

  constructor(name: string, options: Readonly<Record<T, string>>, choose: (value: T) => void) {
    const values = Object.keys(options) as T[];
    const parts = values.map((value) => {
      const input = element('input');
      input.type = 'radio';
      input.name = name;
      input.value = value;
      input.addEventListener('change', () => choose(value));
      this.#inputs.set(value, input);
      return element('label', '', input, element('span', '', options[value]));
    });
    this.root = element('div', 'choice', ...parts);
    this.root.setAttribute('role', 'radiogroup');
    this.root.setAttribute('aria-label', name);
  }

  show(chosen: T): void {
    for (const [value, input] of this.#inputs) input.checked = value === chosen;
  }

  /** Whether an option can be chosen. */
  enable(value: T, enabled: boolean): void {
    const input = this.#inputs.get(value);
    if (input) input.disabled = !enabled;
  }
}
