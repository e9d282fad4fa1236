import { keepForms, type FromTuning, type KeepForm, type KeepText } from '../../shared/messages/tuning';
import { Choice } from '../choice';
import { element } from '../element';
import { iconButton } from '../icon';
import { words } from '../words';

/** The texts that make masks last, one form at a time, each to be copied. Nothing here is written to the host. */
export class KeepBox {
  readonly root = element('div', 'keep');
  readonly #choice: Choice<KeepForm>;
  readonly #files = element('div');
  #form: KeepForm = 'systemd';
  #texts: readonly KeepText[] | undefined;
  #shown = '';

  constructor(private readonly post: (message: FromTuning) => void) {
    const { keep } = words.tuning;
    this.#choice = new Choice(keep.form, keep.forms, (form) => {
      this.#form = form;
      this.#draw();
    });
    const head = element('div', 'head', element('h3', '', keep.title), this.#choice.root);
    this.root.append(head, element('p', 'dim', keep.text), this.#files);
    this.root.hidden = true;
  }

  render(texts: readonly KeepText[] | undefined): void {
    this.#texts = texts;
    this.#draw();
  }

  #draw(): void {
    const texts = this.#texts ?? [];
    this.root.hidden = texts.length === 0;
    const chosen = texts.find(({ form }) => form === this.#form) ?? texts[0];
    if (!chosen) return;
    this.#choice.show(chosen.form);
    for (const form of keepForms)
      this.#choice.enable(
        form,
        texts.some((text) => text.form === form),
      );
    const shown = JSON.stringify(chosen);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { keep } = words.tuning;
    const notes = chosen.notes.map((note) => element('p', 'note warn', keep.note[note]));
    const none = chosen.files.length === 0 ? [element('p', '', keep.none)] : [];
    this.#files.replaceChildren(...notes, ...none, ...chosen.files.map((file) => this.#file(file)));
  }

  #file({ path, mode, text }: KeepText['files'][number]): HTMLElement {
    const { keep } = words.tuning;
    const copy = iconButton('copy', keep.copy(path), () => this.post({ type: 'copyText', text }));
    const code = element('pre', '', element('code', '', text));
    code.tabIndex = 0;
    code.setAttribute('role', 'region');
    code.setAttribute('aria-label', path);
    return element(
      'div',
      'file',
      element('div', 'head', element('code', '', path), element('span', 'dim', keep.mode(mode)), copy),
      code,
    );
  }
}
