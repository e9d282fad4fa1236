import type { ApplyState, Candidate, QueueMask } from '../../../shared/messages/tuning';
import { makeFeed, type Feed } from './feed';
import type { PanelPage } from './page';
import { panelPages } from './pages';
import { makePredictions, untuned } from './tuning';

/** A page that shows the editor for a host with 16 CPUs on two nodes, and four queues on each of two cards. */
export class Editor {
  constructor(
    readonly panel: PanelPage,
    readonly feed: Feed,
  ) {}

  get page() {
    return this.panel.page;
  }

  card(letter: string) {
    return this.page
      .getByRole('listitem')
      .filter({ has: this.page.getByText(`Candidate ${letter}`, { exact: true }) });
  }

  field(letter: string, name: 'CPUs' | 'Mask') {
    return this.card(letter).getByRole('textbox', { name });
  }

  cpu(id: number) {
    return this.page.getByRole('button', { name: new RegExp(`^CPU ${id},`) });
  }

  preset(letter: string, name: string) {
    return this.card(letter).getByRole('combobox', { name: 'Preset' }).selectOption(name);
  }

  press(name: string) {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** What both fields of a candidate say. */
  async said(letter: string): Promise<string[]> {
    return [await this.field(letter, 'CPUs').inputValue(), await this.field(letter, 'Mask').inputValue()];
  }

  async last() {
    return (await this.panel.posted()).at(-1);
  }

  apply(apply: ApplyState) {
    return this.panel.send({ type: 'apply', apply });
  }

  /** Presses Predict and answers as the host would. */
  async predict(): Promise<readonly Candidate[]> {
    await this.page.getByRole('button', { name: /^Predict( Again)?$/ }).click();
    const asked = await this.last();
    if (asked?.type !== 'setCandidates') throw new Error('the page did not ask for a prediction');
    await this.panel.send({ type: 'candidates', candidates: asked.candidates });
    await this.panel.send({ type: 'predictions', predictions: makePredictions(asked.candidates) });
    return asked.candidates;
  }
}

/** Gives the tests of a file one browser; each page that it opens shows the editor, with the queues of the first card chosen. */
export function editorPages(): (act: (editor: Editor) => Promise<void>, cpus?: number) => Promise<void> {
  const withPanel = panelPages();
  return (act, cpus = 16) =>
    withPanel(async (panel) => {
      const feed = makeFeed(cpus, 2);
      await panel.send(feed.snapshot);
      await panel.send({ type: 'tuning', tuning: untuned });
      await panel.page.getByRole('tab', { name: 'Tuning' }).click();
      await panel.page.getByRole('checkbox', { name: 'ens1f0np0' }).check();
      await act(new Editor(panel, feed));
    });
}

/** The four queues of the first card with one mask. */
export const queues = (list: string): QueueMask[] =>
  [0, 1, 2, 3].map((queue) => ({ netns: 4026531840, ifindex: 2, instance: 14, queue, list }));
