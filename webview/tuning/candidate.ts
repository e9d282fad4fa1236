import type { CpuSet } from '../../shared/masks/cpuSet';
import { presetIds } from '../../shared/masks/presets';
import { maskWidth } from '../../shared/masks/width';
import { element, setText } from '../element';
import { iconButton } from '../icon';
import { Select } from '../select';
import { words } from '../words';
import { sharedMask, type DraftCandidate } from './draft';
import type { Source } from './source';
import { MaskFields } from './maskFields';
import { bothForms, byMask, letter, namedQueues } from './names';
import { button, enable } from '../notice';
import { RemarkList, remarksOn } from './remarks';
import { presetFor, type QueuePlace, type Scene } from './scene';

export interface CandidateActs {
  /** To be shown in the picture. */
  readonly pick: () => void;
  readonly typed: (cpus: CpuSet | undefined) => void;
  readonly take: (source: Source) => void;
  readonly remove: () => void;
  readonly apply: () => void;
  readonly keep: () => void;
}

/** One candidate: where its masks come from, its masks in both forms, and what is to be said of them. */
export class CandidateCard {
  readonly root = element('li', 'candidate');
  readonly #pick = element('input');
  readonly #name = element('span', 'letter');
  readonly #fields: MaskFields;
  readonly #source: Select<Source>;
  readonly #groups = element('ul', 'mask-groups code');
  readonly #remarks = new RemarkList();
  readonly #remove: HTMLButtonElement;
  readonly #apply;
  readonly #keep;
  #refused = false;

  constructor(place: number, acts: CandidateActs) {
    const { tuning } = words;
    this.#pick.type = 'radio';
    this.#pick.name = 'candidate';
    this.#pick.addEventListener('change', acts.pick);
    setText(this.#name, tuning.candidate(letter(place)));
    const pick = element('label', 'pick', this.#pick, this.#name);
    pick.title = tuning.pick;
    this.#fields = new MaskFields(`candidate-${letter(place)}`, acts.typed);
    this.#source = new Select(tuning.source.name, tuning.source.options, (source) => {
      this.#fields.forget();
      acts.take(source);
    });
    this.#remove = iconButton('close', tuning.remove(letter(place)), acts.remove);
    this.#apply = button(tuning.applyThis, acts.apply);
    this.#keep = button(tuning.keepThis, acts.keep);
    this.#keep.secondary = true;
    for (const [made, label] of [
      [this.#apply, tuning.applyThis],
      [this.#keep, tuning.keepThis],
    ] as const) {
      made.ariaLabel = tuning.withCandidate(label, letter(place));
    }
    this.root.append(
      element('div', 'head', pick, this.#source.root, this.#remove),
      this.#fields.root,
      this.#groups,
      this.#remarks.root,
      element('div', 'buttons', this.#apply, this.#keep),
    );
  }

  /** Whether it can be predicted and applied: every field reads as CPUs that the host has. */
  get sound(): boolean {
    return !this.#fields.bad && !this.#refused;
  }

  /** @param applying the host is busy with an apply, so that no other can begin. */
  render(
    candidate: DraftCandidate,
    places: readonly QueuePlace[],
    scene: Scene,
    { picked, applying }: { readonly picked: boolean; readonly applying: boolean },
  ): void {
    this.root.classList.toggle('picked', picked);
    this.#pick.checked = picked;
    const masks = places.map(({ queue }) => queue.rps_cpus).toSorted((a, b) => b.length - a.length);
    const width = maskWidth(scene.cpus, masks[0]);
    const shared = sharedMask(candidate, places);
    this.#fields.show(shared, width);
    this.#source.show(candidate.source);
    for (const preset of presetIds) {
      this.#source.enable(
        preset,
        places.every((place) => presetFor(preset, place, scene)),
      );
    }
    this.#showGroups(shared ? [] : byMask(candidate, places), width);
    const remarks = remarksOn(candidate, places, scene);
    this.#refused = remarks.some(({ remark }) => remark.severity === 'error');
    this.#remarks.render(remarks, places.length);
    enable(this.#keep, this.sound);
    enable(this.#apply, this.sound && !applying);
  }

  #showGroups(groups: readonly (readonly [string, QueuePlace[]])[], width: number): void {
    this.#groups.hidden = groups.length === 0;
    const lines = groups.map(([list, places]) =>
      words.tuning.maskOn(namedQueues(places), bothForms(list, width)),
    );
    if (this.#groups.childElementCount !== lines.length) {
      this.#groups.replaceChildren(...lines.map(() => element('li')));
    }
    for (const [place, line] of lines.entries()) {
      const item = this.#groups.children[place];
      if (item) setText(item, line);
    }
  }
}
