import { cpuSet, type CpuSet } from '../../shared/masks/cpuSet';
import { element, setText } from '../element';
import { words } from '../words';
import { chosenCandidate, maskFor, type Draft } from './draft';
import { letter } from './names';
import { CpuPicture, pictureLegend } from './picture';
import { interruptCpus, type QueuePlace, type Scene } from './scene';

/** The picture of the candidate that is chosen, under its name. */
export class EditorPicture {
  readonly root = element('div', 'editor-picture');
  readonly #title = element('h3');
  readonly #picture: CpuPicture;

  constructor(toggle: (cpus: CpuSet) => void) {
    this.#picture = new CpuPicture(toggle);
    this.root.append(element('div', 'head', this.#title), this.#picture.root, pictureLegend());
  }

  render(draft: Draft, places: readonly QueuePlace[], { cpus }: Scene): void {
    const candidate = chosenCandidate(draft);
    if (!candidate) return;
    const name = words.tuning.candidate(letter(draft.candidates.indexOf(candidate)));
    setText(this.#title, words.tuning.picture.title(name));
    const masks = places.map(({ key }) => new Set(maskFor(candidate, key)));
    const some = new Set(cpuSet(masks.flatMap((mask) => [...mask])));
    const all = new Set([...some].filter((cpu) => masks.every((mask) => mask.has(cpu))));
    this.#picture.render(name, { cpus, all, some, irq: new Set(interruptCpus(places)) });
  }
}
