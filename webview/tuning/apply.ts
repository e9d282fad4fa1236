import {
  GUARD_SECONDS,
  type ApplyState,
  type FromTuning,
  type GuardedWrite,
  type PlannedWrite,
} from '../../shared/messages/tuning';
import { element, setText } from '../element';
import { whole } from '../format';
import { button, enable } from '../notice';
import { words } from '../words';
import { WriteList } from './writes';

/** The state of an apply in words, the exact writes, and what can be done about them. */
export class ApplyBox {
  readonly root = element('div', 'apply');
  readonly #text = element('p', 'state-line');
  readonly #hint = element('p');
  /** Not read out each second. */
  readonly #left = element('p', 'left');
  readonly #seconds = element('input');
  readonly #time: HTMLElement;
  readonly #overwrite = element('input');
  readonly #others: HTMLElement;
  readonly #writes = new WriteList();
  readonly #buttons;
  #state: ApplyState = { kind: 'idle' };
  /** When that state came, by performance.now(): the countdown goes on from there. */
  #since = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  /** @param keep asks for the texts that make what was applied last. */
  constructor(post: (message: FromTuning) => void, keep: (writes: readonly PlannedWrite[]) => void) {
    const { apply } = words.tuning;
    this.#seconds.type = 'number';
    this.#seconds.min = String(GUARD_SECONDS.least);
    this.#seconds.max = String(GUARD_SECONDS.most);
    this.#seconds.value = String(GUARD_SECONDS.usual);
    this.#seconds.addEventListener('input', () => this.#draw());
    this.#time = element(
      'label',
      'within',
      element('span', '', apply.within),
      this.#seconds,
      element('span', '', apply.seconds),
    );
    this.#overwrite.type = 'checkbox';
    this.#overwrite.addEventListener('change', () => this.#draw());
    this.#others = element('label', 'overwrite', this.#overwrite, element('span', '', apply.overwrite));
    this.#buttons = {
      write: button(apply.write, () =>
        post({
          type: 'applyMasks',
          seconds: this.#seconds.valueAsNumber,
          overwrite: this.#overwrite.checked,
        }),
      ),
      confirm: button(apply.confirm, () => post({ type: 'confirmApply' })),
      revert: button(apply.revert, () => post({ type: 'revertApply' })),
      keep: button(words.tuning.keepThis, () => {
        if ('writes' in this.#state) keep(this.#state.writes);
      }),
      dismiss: button(apply.cancel, () => post({ type: 'dismissApply' })),
    };
    for (const id of ['revert', 'keep', 'dismiss'] as const) this.#buttons[id].secondary = true;
    this.#text.setAttribute('role', 'status');
    this.#left.setAttribute('role', 'timer');
    const line = element('div', 'buttons', this.#time, this.#others, ...Object.values(this.#buttons));
    this.root.append(
      element('h3', '', apply.title),
      this.#text,
      this.#left,
      this.#hint,
      line,
      this.#writes.root,
    );
  }

  /** @param since when that state came, by performance.now(). */
  render(state: ApplyState, since: number): void {
    if (state.kind !== this.#state.kind) this.#overwrite.checked = false;
    this.#state = state;
    this.#since = since;
    const counts = state.kind === 'applied' || state.kind === 'lost';
    if (counts) this.#clock ??= setInterval(() => this.#draw(), 500);
    else {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    this.#draw();
  }

  #draw(): void {
    const state = this.#state;
    const { kind } = state;
    const writes: readonly (PlannedWrite | GuardedWrite)[] = 'writes' in state ? state.writes : [];
    const { text, hint, tone } = this.#said();
    this.#left.hidden = kind !== 'applied';
    if (kind === 'applied') setText(this.#left, words.tuning.apply.left(this.#remaining(state.left)));
    setText(this.#text, text);
    this.#text.dataset['tone'] = tone;
    this.#hint.hidden = hint === '';
    setText(this.#hint, hint);
    this.#writes.render(writes);
    const problem = kind === 'previewed' && state.problem !== undefined;
    const able = kind === 'previewed' && writes.length > 0 && !problem;
    this.#time.hidden = !able;
    this.#others.hidden = !able || !writes.some(({ conflict }) => conflict !== undefined);
    const { write, confirm, revert, keep, dismiss } = this.#buttons;
    write.hidden = !able;
    const free = this.#overwrite.checked || writes.some(({ conflict }) => conflict === undefined);
    enable(write, this.#seconds.checkValidity() && free);
    confirm.hidden = revert.hidden = kind !== 'applied';
    keep.hidden = kind !== 'confirmed';
    dismiss.hidden = !['previewed', 'confirmed', 'reverted', 'lost', 'failed'].includes(kind);
    setText(dismiss, kind === 'previewed' ? words.tuning.apply.cancel : words.tuning.apply.done);
  }

  /** What is left of some seconds since the state came, in words. */
  #remaining(seconds: number): string {
    const passed = (performance.now() - this.#since) / 1000;
    return whole(Math.max(0, Math.ceil(seconds - passed)));
  }

  /** What the state says; `hint` is what mends it. */
  #said(): { readonly text: string; readonly hint: string; readonly tone: string } {
    const { apply } = words.tuning;
    const state = this.#state;
    const told = (text: string, tone = '', hint = '') => ({ text, hint, tone });
    switch (state.kind) {
      case 'idle':
        return told(apply.idle);
      case 'previewing':
        return told(apply.previewing, 'busy');
      case 'previewed': {
        const gone = state.gone.length > 0 ? apply.gone(state.gone.join(', ')) : '';
        if (state.problem) {
          const { message, code, hint } = state.problem;
          return told(words.problem(message, code), 'bad', [hint, gone].filter(Boolean).join(' '));
        }
        if (state.writes.length === 0) return told(apply.nothing, '', gone);
        return told(apply.previewed(whole(state.writes.length)), '', gone);
      }
      case 'applying':
        return told(apply.applying, 'busy');
      case 'applied':
        return told(apply.applied, 'busy');
      case 'confirmed':
        return told(apply.confirmed, 'good', state.changed ? apply.changed : '');
      case 'reverted': {
        const spared = state.writes.some((write) => write.state === 'left' || write.state === 'gone');
        return told(apply.reverted[state.why], '', spared ? apply.others : '');
      }
      case 'lost': {
        const { message, code, hint } = state.problem;
        return told(
          words.problem(message, code),
          'bad',
          `${hint} ${apply.lost(this.#remaining(state.left))}`.trim(),
        );
      }
      case 'failed': {
        const { message, code, hint } = state.problem;
        return told(words.problem(message, code), 'bad', `${hint} ${apply.failed}`.trim());
      }
    }
  }
}
