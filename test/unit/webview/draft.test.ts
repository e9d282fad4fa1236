import { describe, expect, it } from 'vitest';
import { Store } from '../../../webview/store/store';
import {
  addCandidate,
  chooseQueues,
  chosenPlaces,
  emptyDraft,
  maskFor,
  readDraft,
  removeCandidate,
  setMask,
  sharedMask,
  takeSource,
  toggle,
  type Draft,
} from '../../../webview/tuning/draft';
import { namedQueues } from '../../../webview/tuning/names';
import { remarksOn } from '../../../webview/tuning/remarks';
import { sceneOf, type Scene } from '../../../webview/tuning/scene';
import { draftFor, isSet, predictionOf, wireCandidates } from '../../../webview/tuning/sync';
import { hostNetns, makeFeed } from '../../e2e/panel/feed';
import { makePredictions, untuned } from '../../e2e/panel/tuning';

/** A host with 16 CPUs on two nodes; its first card has four queues, whose interrupts go to CPUs 0 to 3. */
function host(): { store: Store; scene: Scene; keys: string[] } {
  const store = new Store();
  store.apply(makeFeed(16, 2).snapshot);
  store.apply({ type: 'tuning', tuning: untuned });
  const scene = sceneOf(store);
  return { store, scene, keys: [...scene.queues.keys()].filter((key) => key.startsWith(`${hostNetns}:2:`)) };
}

const lists = ({ candidates }: Draft, place = 0) => Object.values(candidates[place]?.masks ?? {});

describe('a draft', () => {
  it('begins with the masks that the chosen queues have', () => {
    const { scene, keys } = host();
    const draft = chooseQueues(emptyDraft, keys.slice(0, 2), scene);
    expect(draft.candidates).toMatchObject([{ id: 1, source: 'now' }]);
    expect(lists(draft)).toEqual(['0-15', '0-15']);
  });

  it('begins with what is local to the node where RPS is off', () => {
    const { scene, keys } = host();
    const off = [...scene.queues].map(
      ([key, place]) => [key, { ...place, queue: { ...place.queue, rps_cpus: '0' } }] as const,
    );
    const draft = chooseQueues(emptyDraft, keys.slice(0, 1), { ...scene, queues: new Map(off) });
    expect(draft.candidates).toMatchObject([{ source: 'nodeLocal' }]);
    expect(lists(draft)).toEqual(['0-3,8-11']);
  });

  it('gives each queue its own mask where a preset says so, and one to all where a person types it', () => {
    const { scene, keys } = host();
    const draft = takeSource(chooseQueues(emptyDraft, keys.slice(0, 2), scene), 1, 'nodeLocalNoIrq', scene);
    const places = chosenPlaces(draft, scene);
    expect(lists(draft)).toEqual(['1-3,8-11', '0,2-3,8-11']);
    expect(draft.candidates[0] && sharedMask(draft.candidates[0], places)).toBeUndefined();
    const typed = setMask(draft, 1, [4, 5]);
    expect(typed.candidates[0] && sharedMask(typed.candidates[0], places)).toEqual([4, 5]);
    expect(typed.candidates[0]?.source).toBe('custom');
  });

  it('takes a CPU into every mask, or out of all that have it', () => {
    const { scene, keys } = host();
    const draft = takeSource(chooseQueues(emptyDraft, keys.slice(0, 2), scene), 1, 'nodeLocalNoIrq', scene);
    const both = toggle(draft, 1, [0]);
    expect(lists(both)).toEqual(['0-3,8-11', '0,2-3,8-11']);
    expect(lists(toggle(both, 1, [0]))).toEqual(['1-3,8-11', '2-3,8-11']);
  });

  it('carries presets and typed masks on to queues that are chosen later', () => {
    const { scene, keys } = host();
    const [first = '', second = ''] = keys;
    const preset = takeSource(chooseQueues(emptyDraft, [first], scene), 1, 'nodeLocalNoIrq', scene);
    expect(lists(chooseQueues(preset, [first, second], scene))).toEqual(['1-3,8-11', '0,2-3,8-11']);
    const typed = setMask(preset, 1, [7]);
    expect(lists(chooseQueues(typed, [first, second], scene))).toEqual(['7', '7']);
  });

  it('holds four candidates, each a copy of the one that is shown', () => {
    const { scene, keys } = host();
    let draft = setMask(chooseQueues(emptyDraft, keys, scene), 1, [3]);
    for (let more = 0; more < 5; more++) draft = addCandidate(draft, scene);
    expect(draft.candidates.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(lists(draft, 3)).toEqual(keys.map(() => '3'));
    expect(removeCandidate(draft, 4)).toMatchObject({ chosen: 1 });
  });

  it('leaves out queues that the host has no more', () => {
    const { scene, keys } = host();
    const draft = chooseQueues(emptyDraft, [...keys.slice(0, 1), 'gone:1:2:0'], scene);
    expect(chosenPlaces(draft, scene).map(({ key }) => key)).toEqual(keys.slice(0, 1));
    expect(draft.candidates[0] && maskFor(draft.candidates[0], 'gone:1:2:0')).toEqual([]);
  });

  it('begins anew on another host, and takes over what another panel has set', () => {
    const { store, scene, keys } = host();
    const draft = { ...setMask(chooseQueues(emptyDraft, keys, scene), 1, [3]), host: 'web-2' };
    expect(draftFor(draft, store)).toMatchObject({ host: store.host, queues: [], candidates: [] });
    const candidates = wireCandidates(draft.candidates, chosenPlaces(draft, scene));
    store.apply({ type: 'candidates', candidates });
    expect(draftFor(draft, store)).toMatchObject({ queues: keys, candidates: [{ id: 1, source: 'custom' }] });
  });

  it('does not come back as something else than what was kept', () => {
    expect(
      readDraft({ host: 1, queues: ['a', 2], candidates: [{ id: 1, source: 'x', masks: { a: '1', b: 2 } }] }),
    ).toEqual({
      host: undefined,
      queues: ['a'],
      candidates: [{ id: 1, source: 'custom', masks: { a: '1' } }],
      chosen: 0,
    });
  });
});

describe('predictions', () => {
  it('are shown only for the masks that the kernel was asked about', () => {
    const { scene, keys } = host();
    const draft = setMask(chooseQueues(emptyDraft, keys.slice(0, 1), scene), 1, [1, 2]);
    const wire = (one: Draft) => wireCandidates(one.candidates, chosenPlaces(one, scene));
    const [asked] = wire(draft);
    if (!asked) throw new Error('the draft has no candidate');
    const tuning = { ...untuned, candidates: [asked], predictions: makePredictions([asked]) };
    expect(isSet(asked, tuning)).toBe(true);
    expect(predictionOf(asked, tuning)).toMatchObject({ id: 1, floor: 0.41 });
    const [other] = wire(toggle(draft, 1, [3]));
    expect(other && predictionOf(other, tuning)).toBeUndefined();
  });
});

describe('remarks on several queues', () => {
  it('are said once, with the queues that they are about', () => {
    const { scene, keys } = host();
    const draft = setMask(chooseQueues(emptyDraft, keys, scene), 1, [0, 1]);
    const places = chosenPlaces(draft, scene);
    const found = draft.candidates.flatMap((candidate) => remarksOn(candidate, places, scene));
    const said = found.map(({ remark, places: own }) => [remark.id, remark.values['cpus'], namedQueues(own)]);
    expect(said).toEqual([
      ['irqCpuSaturated', '0-1', 'ens1f0np0 rx-0-1'],
      ['rssCovers', undefined, 'ens1f0np0 rx-0-3'],
      ['rfs', undefined, 'ens1f0np0 rx-0-3'],
    ]);
  });
});
