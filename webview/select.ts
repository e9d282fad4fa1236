import { element } from './element';

/** One of several options in a drop-down list. */
export class Select<T extends string> {
  readonly root = element('select');

  /** @param label its name for a screen reader and its tooltip. */
  constructor(label: string, options: Readonly<Record<T, string>>, choose: (value: T) => void) {
    const values = Object.keys(options) as T[];
    for (const value of values) {
      const option = element('option', '', options[value]);
      option.value = value;
      this.root.append(option);
    }
    this.root.ariaLabel = label;
    this.root.title = label;
    this.root.addEventListener('change', () => {
      const chosen = values[this.root.selectedIndex];
      if (chosen !== undefined) choose(chosen);
    });
  }

  show(chosen: T): void {
    if (this.root.value !== chosen) this.root.value = chosen;
  }

  /** Whether an option can be chosen. */
  enable(value: T, enabled: boolean): void {
    const option = [...this.root.options].find((one) => one.value === value);
    if (option) option.disabled = !enabled;
  }
}
