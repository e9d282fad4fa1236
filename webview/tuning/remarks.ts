import { cpuSet, listOf, readList } from '../../shared/masks/cpuSet';
import { lint, type Remark } from '../../shared/masks/lint';
import { element } from '../element';
import { words } from '../words';
import { maskFor, type DraftCandidate } from './draft';
import { namedQueues } from './names';
import type { QueuePlace, Scene } from './scene';

/** A remark, and the queues that it is about. */
export interface QueueRemark {
  readonly remark: Remark;
  readonly places: readonly QueuePlace[];
}

const ranks: Readonly<Record<Remark['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** What the linter says of a candidate on all of its queues, the same only once, most important first. */
export function remarksOn(
  candidate: DraftCandidate,
  places: readonly QueuePlace[],
  scene: Scene,
): QueueRemark[] {
  const found = new Map<string, QueueRemark>();
  for (const place of places) {
    const { device, queue } = place;
    for (const remark of lint(maskFor(candidate, place.key), { ...scene, device, queue })) {
      // Each queue has an interrupt of its own: what differs by CPUs only is one thing to say.
      const key = JSON.stringify({ ...remark, values: { ...remark.values, cpus: '' } });
      const known = found.get(key);
      found.set(key, {
        remark: known ? merged(known.remark, remark) : remark,
        places: [...(known?.places ?? []), place],
      });
    }
  }
  return [...found.values()].toSorted((a, b) => ranks[a.remark.severity] - ranks[b.remark.severity]);
}

/** Two remarks that differ by their CPUs only, as one. */
function merged(one: Remark, other: Remark): Remark {
  if (one.values['cpus'] === other.values['cpus']) return one;
  const cpus = [one, other].flatMap(({ values }) => {
    const read = readList(String(values['cpus'] ?? ''));
    return read.kind === 'cpus' ? read.cpus : [];
  });
  return { ...one, values: { ...one.values, cpus: listOf(cpuSet(cpus)) } };
}

/** Remarks as a list: what, for which queues where not for all, and why. Made anew only when they say something else. */
export class RemarkList {
  readonly root = element('ul', 'remarks');
  #shown = '';

  /** @param all how many queues the candidate has. */
  render(remarks: readonly QueueRemark[], all: number): void {
    const lines = remarks.map(({ remark, places }) => {
      const { what, why } = words.tuning.remark[remark.id](remark.values);
      const where = places.length === all ? '' : words.tuning.onQueues(namedQueues(places));
      return { severity: remark.severity, what: what + where, why };
    });
    const shown = JSON.stringify(lines);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.root.hidden = lines.length === 0;
    this.root.replaceChildren(
      ...lines.map(({ severity, what, why }) => {
        const mark = element('span', 'severity', words.doctor.severity[severity]);
        const item = element('li', '', mark, element('span', '', what), element('span', 'dim why', why));
        item.dataset['severity'] = severity;
        return item;
      }),
    );
  }
}
