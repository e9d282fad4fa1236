import { listOf } from '../../shared/masks/cpuSet';
import { element, setText } from '../element';
import { whole } from '../format';
import { maskCpus } from '../store/masks';
import type { Store } from '../store/store';
import { words } from '../words';

const names = [
  'flowEntries',
  'defaultMask',
  'maxBacklog',
  'budget',
  'flowLimit',
  'isolated',
  'offline',
] as const;
type Name = (typeof names)[number];

/** The settings of the whole host, as pairs of a name and a value. */
export class SettingsList {
  readonly root = element('dl', 'settings');
  readonly #values = new Map<Name, { readonly box: HTMLElement; readonly value: HTMLElement }>();

  constructor() {
    for (const name of names) {
      const { name: said, title } = words.configuration.setting[name];
      const value = element('dd');
      const box = element('div', '', element('dt', '', said), value);
      box.title = title;
      this.#values.set(name, { box, value });
      this.root.append(box);
    }
  }

  render({ settings, facts }: Store): void {
    const { none, off } = words.configuration;
    const list = (wanted: 'isolated' | 'offline') => {
      const found = facts?.cpus.filter((cpu) => (wanted === 'offline' ? !cpu.online : cpu.isolated === true));
      return found && (listOf(found.map(({ id }) => id)) || none);
    };
    const number = (value: number | undefined) => (value === undefined ? undefined : whole(value));
    const mask = (text: string | undefined) =>
      text === undefined ? undefined : listOf(maskCpus(text)) || none;
    const {
      rps_sock_flow_entries: entries,
      netdev_budget: packets,
      netdev_budget_usecs: micros,
    } = settings ?? {};
    this.#show('flowEntries', entries === 0 ? off : number(entries));
    this.#show('defaultMask', mask(settings?.rps_default_mask));
    this.#show('maxBacklog', number(settings?.netdev_max_backlog));
    const time = micros === undefined ? '' : `, ${whole(micros)} µs`;
    this.#show('budget', packets === undefined ? undefined : `${whole(packets)}${time}`);
    this.#show('flowLimit', mask(settings?.flow_limit_cpus));
    this.#show('isolated', list('isolated'));
    this.#show('offline', list('offline'));
  }

  #show(name: Name, text: string | undefined): void {
    const shown = this.#values.get(name);
    if (!shown) return;
    shown.box.hidden = text === undefined;
    setText(shown.value, text ?? '');
  }
}
