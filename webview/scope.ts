import type { PanelCommand } from '../shared/messages/panel';
import type { Scope } from '../shared/scope';
import { element, hide, setText } from './element';
import { iconButton } from './icon';
import { scopeText } from './scopeText';
import { words } from './words';

/** What is left out of the counts, to be changed and cleared; nothing to see while nothing is. */
export class ScopeMark {
  readonly root = element('span', 'scope');
  readonly #text = element('button', 'link');
  readonly #clear: HTMLButtonElement;

  constructor(run: (command: PanelCommand) => void) {
    this.#text.type = 'button';
    this.#text.addEventListener('click', () => run('setFilter'));
    this.#clear = iconButton('close', words.clearPacketFilter, () => run('clearFilter'));
    this.root.append(this.#text, this.#clear);
  }

  render(scope: Scope): void {
    const text = scopeText(scope);
    hide(this.root, text === '');
    setText(this.#text, text);
    this.#text.title = words.changeScope(text);
    hide(this.#clear, scope.filter === '');
  }
}
