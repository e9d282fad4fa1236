import { MOST_CANDIDATES } from '../../shared/limits';
import type { PlannedWrite, Tuning } from '../../shared/messages/tuning';
import { element } from '../element';
import { button, enable } from '../notice';
import type { Badge } from '../tabs';
import type { Pointer, View, ViewContext, ViewEvents } from '../view';
import { words } from '../words';
import { ApplyBox } from './apply';
import { CandidateCard } from './candidate';
import {
  addCandidate,
  chooseQueues,
  chosenCandidate,
  chosenPlaces,
  removeCandidate,
  setMask,
  takeSource,
  toggle,
  type Draft,
  type DraftCandidate,
} from './draft';
import { HistoryList } from './history';
import { KeepBox } from './keep';
import { letter, listOfMask, queueMasks } from './names';
import { EditorPicture } from './editorPicture';
import { PredictionBox } from './prediction';
import { ProofBox } from './proof';
import { QueueList } from './queues';
import { sceneOf, type QueuePlace, type Scene } from './scene';
import { draftFor, isSet, predictionOf, wireCandidates } from './sync';

/** Apply states in which the host is busy with one. */
const busy = ['previewing', 'applying', 'applied'];

/** Masks that are written and wait for somebody to keep them, whatever tab is seen. */
export function tuningBadge(tuning: Tuning | undefined): Badge | undefined {
  const waits = tuning?.apply.kind === 'applied';
  return waits ? { text: '!', label: words.tuning.apply.waits, tone: 'warning' } : undefined;
}

/** From seeing to tuning: chooses queues, makes candidates, predicts them in the kernel, applies one with a way back. */
export class TuningView implements View {
  readonly root = element('section', 'tuning');
  readonly #empty = element('p', 'empty dim', words.tuning.recording);
  readonly #first = element('p', 'empty dim', words.tuning.chooseFirst);
  readonly #page = element('div', 'page');
  readonly #queues: QueueList;
  readonly #picture: EditorPicture;
  readonly #candidates = element('div', 'candidates');
  readonly #cards: readonly CandidateCard[];
  readonly #add;
  readonly #prediction: PredictionBox;
  readonly #apply: ApplyBox;
  readonly #proof = new ProofBox();
  readonly #keep: KeepBox;
  readonly #history: HistoryList;
  #draft: Draft | undefined;
  #scene: Scene | undefined;
  #tuning: Tuning | undefined;
  /** What is to be scrolled to as soon as it is there. */
  #awaited: 'apply' | 'keep' | undefined;

  constructor(private readonly events: ViewEvents) {
    const { tuning } = words;
    this.#queues = new QueueList((queues) =>
      this.#edit((draft, scene) => chooseQueues(draft, queues, scene)),
    );
    this.#picture = new EditorPicture((cpus) =>
      this.#edit((draft) => toggle(draft, chosenCandidate(draft)?.id ?? 0, cpus)),
    );
    this.#cards = Array.from({ length: MOST_CANDIDATES }, (_, place) => this.#card(place));
    this.#add = button(tuning.add, () => this.#edit(addCandidate));
    this.#add.secondary = true;
    const head = element('div', 'head', element('h3', '', tuning.candidates), this.#add);
    this.#candidates.append(head, element('ul', 'cards', ...this.#cards.map(({ root }) => root)));
    this.#prediction = new PredictionBox({
      predict: () => events.tune({ type: 'setCandidates', candidates: this.#wire() }),
      stop: () => events.tune({ type: 'setCandidates', candidates: [] }),
    });
    this.#apply = new ApplyBox(events.tune, (writes) => this.#keepWrites(writes));
    this.#keep = new KeepBox(events.tune);
    this.#history = new HistoryList((entry) => {
      this.#awaited = 'apply';
      events.tune({ type: 'previewRevert', entry });
    });
    const editor = element('div', 'editor', this.#queues.root, this.#picture.root, this.#first);
    const boxes = [this.#prediction, this.#apply, this.#proof, this.#keep, this.#history].map(
      ({ root }) => root,
    );
    this.#page.append(editor, this.#candidates, ...boxes);
    this.#page.tabIndex = 0;
    this.#page.setAttribute('role', 'region');
    this.#page.setAttribute('aria-label', tuning.title);
    this.root.append(element('h2', 'spoken', tuning.title), this.#empty, this.#page);
  }

  render({ store, view }: ViewContext): void {
    const { tuning } = store;
    this.#empty.hidden = tuning !== undefined;
    this.#page.hidden = tuning === undefined;
    this.#tuning = tuning;
    if (!tuning) return;
    const scene = (this.#scene = sceneOf(store));
    const draft = (this.#draft = draftFor(view.tuning, store));
    const places = chosenPlaces(draft, scene);
    this.#queues.render(scene, draft.queues, draft.queues.length - places.length);
    const some = places.length > 0;
    this.#first.hidden = some;
    this.#picture.root.hidden = this.#candidates.hidden = this.#prediction.root.hidden = !some;
    if (some) this.#renderCandidates(draft, places, scene, tuning);
    this.#apply.render(tuning.apply, store.applySince);
    this.#proof.render(tuning.proof);
    this.#keep.render(store.keepTexts);
    this.#history.render(tuning.history, busy.includes(tuning.apply.kind));
    this.#scroll(tuning, store.keepTexts !== undefined);
  }

  /** Chooses a queue, or all of a device, unless they are chosen already. */
  point({ netns, ifindex, queue, section }: Pointer): void {
    if (section === 'history') this.#history.root.scrollIntoView();
    if (ifindex === undefined) return;
    const wanted = [...(this.#scene?.queues.values() ?? [])].filter(
      ({ device, queue: { rx } }) =>
        device.ifindex === ifindex &&
        (netns === undefined || device.netns === netns) &&
        (queue === undefined || rx === queue),
    );
    const keys = wanted.map(({ key }) => key);
    const known =
      keys.length === this.#draft?.queues.length && keys.every((key) => this.#draft?.queues.includes(key));
    if (!known) {
      this.#edit((draft, scene) => chooseQueues({ ...draft, queues: [], candidates: [] }, keys, scene));
    }
    const [first] = keys;
    if (first !== undefined && queue !== undefined) this.#queues.reveal(first);
    this.#page.scrollTop = 0;
  }

  #renderCandidates(draft: Draft, places: readonly QueuePlace[], scene: Scene, tuning: Tuning): void {
    const shown = chosenCandidate(draft);
    const applying = busy.includes(tuning.apply.kind);
    for (const [place, card] of this.#cards.entries()) {
      const candidate = draft.candidates[place];
      card.root.hidden = !candidate;
      if (candidate) card.render(candidate, places, scene, { picked: candidate === shown, applying });
    }
    enable(this.#add, draft.candidates.length < MOST_CANDIDATES);
    this.#picture.render(draft, places, scene);
    const wire = this.#wire();
    const stale = wire.length !== tuning.candidates.length || !wire.every((one) => isSet(one, tuning));
    const sound = draft.candidates.every((_, place) => this.#cards[place]?.sound);
    const predicted = wire.map((candidate, place) => ({
      name: letter(place),
      prediction: predictionOf(candidate, tuning),
    }));
    this.#prediction.render(tuning.predictions, predicted, stale, sound && wire.length > 0);
  }

  #card(place: number): CandidateCard {
    const withCandidate = (act: (draft: Draft, candidate: DraftCandidate, scene: Scene) => Draft) =>
      this.#edit((draft, scene) => {
        const candidate = draft.candidates[place];
        return candidate ? act(draft, candidate, scene) : draft;
      });
    return new CandidateCard(place, {
      pick: () => withCandidate((draft, { id }) => ({ ...draft, chosen: id })),
      // What cannot be read is no set; the card says why and is drawn again as unsound.
      typed: (cpus) =>
        withCandidate((draft, { id }) => (cpus ? setMask(draft, id, cpus) : { ...draft, chosen: id })),
      take: (source) => withCandidate((draft, { id }, scene) => takeSource(draft, id, source, scene)),
      remove: () => withCandidate((draft, { id }) => removeCandidate(draft, id)),
      apply: () => this.#preview(place),
      keep: () => {
        const candidate = this.#draft?.candidates[place];
        if (!candidate) return;
        this.#awaited = 'keep';
        this.events.tune({ type: 'keepMasks', queues: queueMasks(candidate, this.#places()) });
      },
    });
  }

  #preview(place: number): void {
    const candidate = this.#wire()[place];
    if (!candidate || !this.#tuning) return;
    this.#awaited = 'apply';
    this.events.tune({
      type: 'previewApply',
      queues: candidate.queues,
      candidate: isSet(candidate, this.#tuning) ? candidate.id : undefined,
    });
  }

  #keepWrites(writes: readonly PlannedWrite[]): void {
    this.#awaited = 'keep';
    const queues = writes.map(({ netns, ifindex, instance, queue, after }) => {
      return { netns, ifindex, instance, queue, list: listOfMask(after) };
    });
    this.events.tune({ type: 'keepMasks', queues });
  }

  #scroll(tuning: Tuning, kept: boolean): void {
    const there = this.#awaited === 'apply' ? tuning.apply.kind !== 'idle' : kept;
    if (!this.#awaited || !there) return;
    const { root } = this.#awaited === 'apply' ? this.#apply : this.#keep;
    this.#awaited = undefined;
    root.scrollIntoView({ block: 'nearest' });
  }

  #places(): QueuePlace[] {
    return this.#draft && this.#scene ? chosenPlaces(this.#draft, this.#scene) : [];
  }

  #wire() {
    return wireCandidates(this.#draft?.candidates ?? [], this.#places());
  }

  #edit(how: (draft: Draft, scene: Scene) => Draft): void {
    if (!this.#draft || !this.#scene) return;
    // Events that come before the next render go on from here.
    this.#draft = how(this.#draft, this.#scene);
    this.events.change({ tuning: this.#draft });
  }
}
