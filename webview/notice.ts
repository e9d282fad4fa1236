import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { PanelCommand } from '../shared/messages/panel';
import { element } from './element';
import type { Notice } from './situation';

/** A page of words and buttons; made anew only when what it says changes, so that a focused button stays. */
export class NoticePage {
  readonly root = element('div', 'notice');
  #shown = '';

  constructor(readonly run: (command: PanelCommand) => void) {
    this.root.hidden = true;
  }

  show(notice: Notice | undefined): void {
    const said = notice ? JSON.stringify(notice) : '';
    if (said === this.#shown) return;
    this.#shown = said;
    this.root.hidden = !notice;
    this.root.replaceChildren();
    if (!notice) return;
    this.root.append(element('h2', '', notice.title));
    for (const text of notice.texts) this.root.append(element('p', '', text));
    if (notice.lines.length > 0) {
      this.root.append(element('ul', '', ...notice.lines.map((line) => element('li', '', line))));
    }
    const buttons = notice.buttons.map(({ label, command }, place) => {
      const made = button(label, () => this.run(command));
      made.secondary = place > 0;
      return made;
    });
    if (buttons.length > 0) this.root.append(element('div', 'buttons', ...buttons));
  }
}

/** One of VS Code's buttons. */
export function button(label: string, pressed: () => void) {
  const made = element('vscode-button', '', label);
  made.addEventListener('click', pressed);
  return made;
}

/** Lets a button be pressed or not; the element itself tells neither a screen reader nor axe. */
export function enable(made: ReturnType<typeof button>, enabled: boolean): void {
  made.disabled = !enabled;
  made.ariaDisabled = enabled ? null : 'true';
}
