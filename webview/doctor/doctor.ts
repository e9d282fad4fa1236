import type { Finding } from '../../shared/frames/frames';
import { element, setText } from '../element';
import type { Badge } from '../tabs';
import type { View, ViewContext, ViewEvents } from '../view';
import { words } from '../words';
import { FindingList } from './list';

const number = (findings: readonly Finding[], severity: Finding['severity']) =>
  findings.filter((finding) => finding.severity === severity).length;

/** Everything the loader finds wrong on the host, ranked. */
export class DoctorView implements View {
  readonly root = element('section', 'doctor');
  readonly #count = element('p', 'count dim');
  readonly #well = element('div', 'well');
  readonly #title = element('h3');
  readonly #text = element('p');
  readonly #list: FindingList;

  constructor(events: ViewEvents) {
    this.#list = new FindingList(events);
    this.#well.append(this.#title, this.#text);
    const page = element('div', 'page', this.#count, this.#well, this.#list.root);
    page.tabIndex = 0;
    page.setAttribute('role', 'region');
    page.setAttribute('aria-label', words.doctor.title);
    this.root.append(element('h2', 'spoken', words.doctor.title), page);
  }

  render({ store }: ViewContext): void {
    const { doctor } = words;
    const findings = store.findings ?? [];
    const [errors, warnings, hints] = (['error', 'warning', 'info'] as const).map((one) =>
      number(findings, one),
    );
    this.#count.hidden = findings.length === 0;
    setText(this.#count, doctor.count(errors ?? 0, warnings ?? 0, hints ?? 0));
    this.#well.hidden = findings.length > 0;
    this.#well.classList.toggle('good', store.findings !== undefined);
    setText(this.#title, store.findings ? doctor.healthy : doctor.unexamined);
    setText(this.#text, store.findings ? doctor.healthyText : doctor.unexaminedText);
    this.#list.show(findings, store);
  }
}

/** How many findings ask for something to be done, and how urgently; undefined when none does. */
export function badgeOf(findings: readonly Finding[] | undefined): Badge | undefined {
  const errors = number(findings ?? [], 'error');
  const count = errors + number(findings ?? [], 'warning');
  if (count === 0) return undefined;
  const label = words.views.findings(count);
  return { text: String(count), label, tone: errors > 0 ? 'error' : 'warning' };
}
