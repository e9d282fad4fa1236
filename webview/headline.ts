import type { HostFacts, PanelCommand, ShownState } from '../shared/messages/panel';
import { element, hide, setText } from './element';
import { whole } from './format';
import { iconButton } from './icon';
import { HostSwitch } from './hostSwitch';
import { button } from './notice';
import { ScopeMark } from './scope';
import type { Situation } from './situation';
import type { Store } from './store/store';
import { words } from './words';

/** The first line: state, host, and what can be done. */
export class Headline {
  readonly root = element('header');
  readonly #mood = element('span', 'mood');
  readonly #word = element('strong');
  readonly #host: HostSwitch;
  readonly #scope: ScopeMark;
  readonly #facts = element('span', 'dim facts');
  readonly #action;
  /** What a recording has no use for. */
  readonly #live: readonly HTMLElement[];
  #command: PanelCommand | undefined;

  constructor(run: (command: PanelCommand) => void, show: (host: string) => void) {
    this.#host = new HostSwitch(show);
    this.#action = button('', () => {
      if (this.#command) run(this.#command);
    });
    this.#scope = new ScopeMark(run);
    const state = element(
      'div',
      'state',
      this.#mood,
      this.#word,
      this.#host.root,
      this.#scope.root,
      this.#facts,
    );
    const filter = iconButton('filter', words.setFilter, () => run('setFilter'));
    const open = iconButton('openInEditor', words.openInEditor, () => run('openInEditor'));
    this.#live = [filter, open];
    const buttons = element(
      'div',
      'buttons',
      this.#action,
      filter,
      iconButton('log', words.showLog, () => run('showLog')),
      open,
    );
    this.root.append(element('h1', 'spoken', words.title), state, buttons);
  }

  render(store: Store, situation: Situation): void {
    this.#mood.dataset['mood'] = situation.mood;
    setText(this.#word, situation.word);
    this.#host.render(store.hosts, store.host);
    this.#scope.render(store.scope);
    const facts = store.facts ? factsLine(store.facts) : '';
    setText(this.#facts, facts);
    this.#facts.title = facts;
    for (const button of this.#live) hide(button, isPlayed(store.state));
    this.#command = situation.action?.command;
    hide(this.#action, !situation.action);
    setText(this.#action, situation.action?.label ?? '');
  }
}

/** Whether it is a file that is shown. */
function isPlayed(state: ShownState): boolean {
  return state.kind === 'recording' || (state.kind === 'failed' && state.code === 'RECORDING_UNREADABLE');
}

export function factsLine({ backend, kernel, arch, cpus }: HostFacts): string {
  const nodes = new Set(cpus.map((cpu) => cpu.node)).size;
  return words.facts(backend, kernel, arch, whole(cpus.length), whole(nodes));
}
