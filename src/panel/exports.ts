import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem';
import type { ExportFormat, FromExport } from '../../shared/messages/export';
import type { FromPanel } from '../../shared/messages/panel';
import type { Bound } from './bind';

/** How long a panel may take to come up and to draw a picture, milliseconds. */
const PATIENCE = 20_000;
const LOOK_AGAIN = 100;

interface Waiting {
  readonly bound: Bound;
  readonly resolve: (answer: FromExport) => void;
}

/** Asks the panel that a person looks at for the content of a file. */
export class Exports {
  readonly #bound = new Set<Bound>();
  #waiting: Waiting | undefined;

  /** Takes a panel in until it is disposed of. */
  add(bound: Bound): void {
    this.#bound.add(bound);
    bound.place.onDidDispose(() => this.#bound.delete(bound));
  }

  /** Takes the answer of a panel; other messages are none. */
  take(bound: Bound, message: FromPanel): void {
    if (message.type !== 'exported' && message.type !== 'notExported') return;
    if (this.#waiting?.bound !== bound) return;
    this.#waiting.resolve(message);
    this.#waiting = undefined;
  }

  /**
   * The content of a file of the given format that holds what is seen; in base64 for `png`.
   * @param show brings a panel up when none can be seen.
   * @throws Problem EXPORT_FAILED
   */
  async make(format: ExportFormat, show: () => Thenable<unknown>): Promise<string> {
    const bound = this.#seen ?? (await this.#shown(show));
    const answer = new Promise<FromExport>((resolve) => (this.#waiting = { bound, resolve }));
    bound.post({ type: 'export', format });
    const given = await Promise.race([answer, sleep(PATIENCE, undefined, { ref: false })]);
    this.#waiting = undefined;
    if (given?.type === 'exported') return given.content;
    const why = given?.why ?? 'The panel does not answer.';
    throw new Problem(
      'EXPORT_FAILED',
      `Nothing was exported. ${why}`,
      'Trace a host or open a recording first.',
    );
  }

  get #seen(): Bound | undefined {
    const seen = [...this.#bound].filter((bound) => bound.ready());
    return seen.find(({ place }) => place.active()) ?? seen[0];
  }

  async #shown(show: () => Thenable<unknown>): Promise<Bound> {
    await show();
    const end = Date.now() + PATIENCE;
    while (!this.#seen && Date.now() < end) await sleep(LOOK_AGAIN);
    if (this.#seen) return this.#seen;
    throw new Problem('EXPORT_FAILED', 'The panel did not come up.', 'Open it, and export again.');
  }
}
