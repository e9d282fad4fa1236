import type { CandidatePrediction, Predictions } from '../../shared/messages/tuning';
import { element, setText } from '../element';
import { share, whole } from '../format';
import { button, enable } from '../notice';
import { words } from '../words';
import { SpreadTable, type SpreadColumn } from './spreadTable';

/** A candidate of the draft, with what the kernel says of it; undefined while it has not been asked about these masks. */
export interface Predicted {
  readonly name: string;
  readonly prediction: CandidatePrediction | undefined;
}

export interface PredictionActs {
  readonly predict: () => void;
  readonly stop: () => void;
}

/** Asks the kernel for predictions, and shows them beside what is real. */
export class PredictionBox {
  readonly root = element('div', 'prediction');
  readonly #predict;
  readonly #stop;
  readonly #state = element('p', 'state-line');
  readonly #floor = element('p', 'floor');
  readonly #certain = element('p', 'dim');
  readonly #table = new SpreadTable(words.tuning.prediction.name);

  constructor(acts: PredictionActs) {
    const { prediction } = words.tuning;
    this.#predict = button(prediction.predict, acts.predict);
    this.#stop = button(prediction.stop, acts.stop);
    this.#stop.secondary = true;
    const head = element(
      'div',
      'head',
      element('h3', '', prediction.title),
      this.#predict,
      this.#stop,
      this.#state,
    );
    this.root.append(head, this.#floor, this.#certain, this.#table.root);
  }

  /** @param stale the draft has masks that the kernel was not asked about; @param sound it could be asked. */
  render(predictions: Predictions, candidates: readonly Predicted[], stale: boolean, sound: boolean): void {
    const { prediction } = words.tuning;
    const running = predictions.kind !== 'none';
    this.#stop.hidden = !running;
    enable(this.#predict, sound && stale);
    this.#predict.secondary = running && !stale;
    setText(this.#predict, running && stale ? prediction.again : prediction.predict);
    setText(this.#state, stateText(predictions));
    this.#state.classList.toggle('bad', predictions.kind === 'refused');
    const known = candidates.flatMap(({ prediction: one }) => one ?? []);
    const [first] = known;
    this.#table.root.hidden = !first;
    this.#floor.hidden = this.#certain.hidden = true;
    if (!first) return;
    if (first.floor !== undefined) {
      this.#floor.hidden = false;
      setText(this.#floor, prediction.floor(share(first.floor, 1)));
    }
    const flow = first.flow > 0 ? prediction.flow(share(first.flow, first.spread.skbs)) : '';
    const unsure = Math.max(...known.map(({ spread }) => spread.uncertain / Math.max(1, spread.skbs)));
    const certain = unsure > 0 ? prediction.uncertain(share(1 - unsure, 1)) : '';
    const lost =
      predictions.kind === 'predicting' && predictions.lost > 0
        ? prediction.lost(whole(predictions.lost))
        : '';
    const text = [flow, certain, lost].filter(Boolean).join(' ');
    this.#certain.hidden = text === '';
    setText(this.#certain, text);
    const columns: SpreadColumn[] = [
      { name: prediction.real, spread: first.real, predicted: false },
      ...candidates.map(({ name, prediction: one }) => ({ name, spread: one?.spread, predicted: true })),
    ];
    this.#table.render(columns);
  }
}

function stateText(predictions: Predictions): string {
  const { prediction } = words.tuning;
  switch (predictions.kind) {
    case 'none':
      return prediction.none;
    case 'waiting':
      return prediction.waiting;
    case 'refused':
      return prediction.refused(predictions.error);
    case 'predicting': {
      if (!predictions.asked) return prediction.notAsked;
      const skbs = Math.max(0, ...predictions.candidates.map(({ spread }) => spread.skbs));
      const seconds = predictions.at - predictions.since;
      return prediction.since(words.duration(Math.max(0, Math.round(seconds))), whole(skbs));
    }
  }
}
