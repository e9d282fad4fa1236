import type { Proof } from '../../shared/messages/tuning';
import { element, setText } from '../element';
import { words } from '../words';
import { SpreadTable } from './spreadTable';

/** What the last apply changed: before, predicted and after, side by side. */
export class ProofBox {
  readonly root = element('div', 'proof');
  readonly #text = element('p', 'dim');
  readonly #table = new SpreadTable(words.tuning.proof.name);

  constructor() {
    this.root.append(element('h3', '', words.tuning.proof.title), this.#text, this.#table.root);
  }

  render(proof: Proof | undefined): void {
    this.root.hidden = !proof;
    if (!proof) return;
    const { tuning } = words;
    const { before, predicted, after } = proof;
    const over = words.duration(Math.max(0, Math.round((after?.to ?? proof.at) - (after?.from ?? proof.at))));
    setText(this.#text, after ? tuning.proof.over(over) : tuning.proof.waiting);
    this.#table.render([
      { name: tuning.proof.before, spread: before, predicted: false },
      ...(predicted ? [{ name: tuning.proof.predicted, spread: predicted, predicted: true }] : []),
      { name: tuning.proof.after, spread: after, predicted: false },
    ]);
  }
}
