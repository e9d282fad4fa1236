import { listOf, maskOf, type CpuSet } from '../../shared/masks/cpuSet';
import { readTyped, type Form, type Typed } from '../../shared/masks/typed';
import { element, setText } from '../element';
import { words } from '../words';

type Bad = Extract<Typed, { kind: 'bad' }>;

const forms: readonly Form[] = ['list', 'mask'];

/** A set of CPUs in both written forms: what is typed into one is shown in the other at once. */
export class MaskFields {
  readonly root = element('div', 'mask-fields');
  readonly #inputs: Readonly<Record<Form, HTMLInputElement>>;
  readonly #error = element('p', 'bad');
  #bad: Bad | undefined;
  /** What the fields stand for, to tell a set that comes from elsewhere. */
  #cpus: string | undefined;
  #width = 1;

  /** @param typed a set that was typed, or undefined while what stands there is none. */
  constructor(id: string, typed: (cpus: CpuSet | undefined) => void) {
    this.#error.id = `${id}-error`;
    const input = (form: Form) => {
      const box = element('input', 'code');
      box.type = 'text';
      box.spellcheck = false;
      box.autocomplete = 'off';
      box.title = words.tuning.field[form].title;
      box.setAttribute('aria-describedby', this.#error.id);
      box.addEventListener('input', () => {
        const read = readTyped(form, box.value);
        this.#bad = read.kind === 'bad' ? read : undefined;
        if (read.kind === 'cpus') this.#write(read.cpus, form);
        this.#complain();
        typed(read.kind === 'cpus' ? read.cpus : undefined);
      });
      return box;
    };
    this.#inputs = { list: input('list'), mask: input('mask') };
    this.root.append(
      ...forms.map((form) =>
        element('label', '', element('span', 'dim', words.tuning.field[form].name), this.#inputs[form]),
      ),
      this.#error,
    );
    this.#complain();
  }

  /** Whether what stands there is no set of CPUs. */
  get bad(): boolean {
    return this.#bad !== undefined;
  }

  /** Lets the next set be shown, whatever stands there. */
  forget(): void {
    this.#cpus = undefined;
    this.#width = 0;
  }

  /**
   * Shows a set, or undefined for masks that differ by queue, for a kernel of `width` CPUs. Fields that say it already, or
   * that are being typed into, stay as they are.
   */
  show(cpus: CpuSet | undefined, width: number): void {
    const list = cpus && listOf(cpus);
    const same = list === this.#cpus && this.#width === width;
    this.#width = width;
    if (same) return;
    this.#bad = undefined;
    if (cpus) this.#write(cpus);
    else {
      this.#cpus = undefined;
      for (const form of forms) this.#inputs[form].value = '';
    }
    this.#inputs.list.placeholder = cpus ? words.tuning.noCpu : words.tuning.differ;
    this.#inputs.mask.placeholder = cpus ? '' : words.tuning.differ;
    this.#complain();
  }

  #write(cpus: CpuSet, typedInto?: Form): void {
    this.#cpus = listOf(cpus);
    const texts = { list: listOf(cpus), mask: maskOf(cpus, Math.max(this.#width, (cpus.at(-1) ?? 0) + 1)) };
    for (const form of forms) {
      const box = this.#inputs[form];
      if (form !== typedInto && box.value !== texts[form]) box.value = texts[form];
    }
  }

  #complain(): void {
    for (const form of forms) this.#inputs[form].ariaInvalid = String(this.#bad?.form === form);
    this.#error.hidden = !this.#bad;
    setText(this.#error, this.#bad ? words.tuning.typed(this.#bad) : '');
  }
}
