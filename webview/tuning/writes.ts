import type { GuardedWrite, PlannedWrite } from '../../shared/messages/tuning';
import { element } from '../element';
import { words } from '../words';
import { listOfMask } from './names';

/** The exact writes of an apply as a table, made anew only when it says something else. */
export class WriteList {
  readonly root = element('div', 'writes');
  readonly #table = element('table');
  #shown = '';

  constructor() {
    const { name } = words.tuning.writes;
    this.#table.setAttribute('aria-label', name);
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'region');
    this.root.setAttribute('aria-label', name);
    this.root.append(this.#table);
  }

  render(writes: readonly (PlannedWrite | GuardedWrite)[]): void {
    this.root.hidden = writes.length === 0;
    const shown = JSON.stringify(writes);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { column } = words.tuning.writes;
    const guarded = writes.some((write) => 'state' in write);
    const heads = [column.command, column.before, guarded ? column.now : column.kept].map((text) => {
      const head = element('th', '', text);
      head.scope = 'col';
      return head;
    });
    this.#table.replaceChildren(
      element('thead', '', element('tr', '', ...heads)),
      element('tbody', '', ...writes.map(row)),
    );
  }
}

function row(write: PlannedWrite | GuardedWrite): HTMLElement {
  const { writes } = words.tuning;
  const command = element('td', '', element('code', '', `echo ${write.after} > ${write.path}`));
  if (write.netnsName !== undefined) command.append(note(writes.inNamespace(write.netnsName)));
  if (write.conflict !== undefined) {
    command.append(note(writes.conflict(forms(write.conflict), forms(write.before)), 'warn'));
  }
  const before = element('td', '', element('code', '', forms(write.before)));
  if (!('state' in write)) {
    const kept = element('td', '', element('code', '', forms(write.kept)));
    if (listOfMask(write.kept) !== listOfMask(write.after)) kept.append(note(writes.dropped, 'warn'));
    return element('tr', '', command, before, kept);
  }
  const unusual = write.state !== 'written' && write.state !== 'restored';
  const now = element(
    'td',
    '',
    element('code', '', forms(write.now)),
    note(writes.state[write.state], unusual ? 'warn' : ''),
  );
  if (write.state === 'written' && write.now !== write.kept)
    now.append(note(writes.unexpected(forms(write.kept)), 'warn'));
  return element('tr', '', command, before, now);
}

const note = (text: string, tone = '') => element('span', `note ${tone === '' ? 'dim' : tone}`, text);

/** A mask with its list. */
function forms(mask: string): string {
  const list = listOfMask(mask);
  return words.tuning.both(list === '' ? words.tuning.noCpu : list, mask);
}
