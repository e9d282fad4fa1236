import type { HostChoice } from '../shared/messages/panel';
import { element, hide, setText } from './element';
import { words } from './words';

/** The host that is shown: its name or, when the window traces several, a list to switch between them. */
export class HostSwitch {
  readonly root = element('span', 'host');
  readonly #name = element('span');
  readonly #list = element('select');
  #shown = '';

  constructor(show: (host: string) => void) {
    this.#list.ariaLabel = words.hostSwitch;
    this.#list.title = words.hostSwitch;
    this.#list.addEventListener('change', () => show(this.#list.value));
    this.root.append(this.#name, this.#list);
  }

  /** @param host the one in front. */
  render(hosts: readonly HostChoice[], host: string | undefined): void {
    const several = hosts.length > 1;
    hide(this.#name, several);
    hide(this.#list, !several);
    setText(this.#name, host ?? '');
    this.#offer(several ? hosts : []);
    if (host !== undefined && this.#list.value !== host) this.#list.value = host;
  }

  /** A list that is made anew closes under the mouse: only when it says something else. */
  #offer(hosts: readonly HostChoice[]): void {
    const said = JSON.stringify(hosts);
    if (said === this.#shown) return;
    this.#shown = said;
    const options = hosts.map(({ label, state }) => {
      const option = element('option', '', words.hostChoice(label, state));
      option.value = label;
      return option;
    });
    this.#list.replaceChildren(...options);
  }
}
