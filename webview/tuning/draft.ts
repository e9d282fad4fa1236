import { cpuSet, listOf, readList, type CpuSet } from '../../shared/masks/cpuSet';
import { presetIds, type PresetId } from '../../shared/masks/presets';
import { MOST_CANDIDATES } from '../../shared/limits';
import type { Source } from './source';
import { presentCpus, presetFor, type QueuePlace, type Scene } from './scene';

/** Masks that a person considers, one for each of the chosen queues. */
export interface DraftCandidate {
  readonly id: number;
  readonly source: Source;
  /** Lists of CPUs by the key of the queue. */
  readonly masks: Readonly<Partial<Record<string, string>>>;
}

/** What the editor holds for one host. VS Code keeps it while the panel is away. */
export interface Draft {
  readonly host: string | undefined;
  /** Keys of the chosen queues; some may be gone from the host. */
  readonly queues: readonly string[];
  /** At most `MOST_CANDIDATES`. */
  readonly candidates: readonly DraftCandidate[];
  /** The candidate that the picture shows, by its id. */
  readonly chosen: number;
}

export const emptyDraft: Draft = { host: undefined, queues: [], candidates: [], chosen: 0 };

/** The chosen queues that the host has. */
export function chosenPlaces({ queues }: Draft, scene: Scene): QueuePlace[] {
  return queues.flatMap((key) => scene.queues.get(key) ?? []);
}

export function chosenCandidate({ candidates, chosen }: Draft): DraftCandidate | undefined {
  return candidates.find(({ id }) => id === chosen) ?? candidates[0];
}

/** The mask of a candidate for one queue. */
export function maskFor({ masks }: DraftCandidate, key: string): CpuSet {
  const read = readList(masks[key] ?? '');
  return read.kind === 'cpus' ? read.cpus : [];
}

/** The set that all of the candidate's queues share; undefined when they differ. */
export function sharedMask(candidate: DraftCandidate, places: readonly QueuePlace[]): CpuSet | undefined {
  const lists = new Set(places.map(({ key }) => candidate.masks[key] ?? ''));
  const [first] = places;
  return lists.size === 1 && first ? maskFor(candidate, first.key) : undefined;
}

/** Other queues: candidates keep what they had for one, and carry on to new ones what they are made of. */
export function chooseQueues(draft: Draft, queues: readonly string[], scene: Scene): Draft {
  const before = chosenPlaces(draft, scene);
  const places = chosenPlaces({ ...draft, queues }, scene);
  const candidates = draft.candidates.map((candidate) => {
    const shared = candidate.source === 'custom' ? sharedMask(candidate, before) : undefined;
    const masks = places.map((place) => {
      const known = candidate.masks[place.key];
      return [place.key, known ?? listOf(shared ?? madeMask(candidate.source, place, scene))] as const;
    });
    return { ...candidate, masks: Object.fromEntries(masks) };
  });
  const chosen = { ...draft, queues, candidates };
  return candidates.length > 0 || places.length === 0 ? chosen : addCandidate(chosen, scene);
}

/** One candidate more: a copy of the one that is shown, or the first, which is what the queues have, or local to the node. */
export function addCandidate(draft: Draft, scene: Scene): Draft {
  if (draft.candidates.length >= MOST_CANDIDATES) return draft;
  const id = Math.max(0, ...draft.candidates.map((candidate) => candidate.id)) + 1;
  const copied = chosenCandidate(draft);
  const places = chosenPlaces(draft, scene);
  const added = copied ? { ...copied, id } : { id, ...firstMasks(places, scene) };
  return { ...draft, candidates: [...draft.candidates, added], chosen: id };
}

export function removeCandidate(draft: Draft, id: number): Draft {
  const candidates = draft.candidates.filter((candidate) => candidate.id !== id);
  const chosen = draft.chosen === id ? (candidates[0]?.id ?? 0) : draft.chosen;
  return { ...draft, candidates, chosen };
}

/** Gives a candidate the masks of a preset, or those that are there now. */
export function takeSource(draft: Draft, id: number, source: Source, scene: Scene): Draft {
  if (source === 'custom') return change(draft, id, (candidate) => ({ ...candidate, source }));
  const places = chosenPlaces(draft, scene);
  const masks = places.map((place) => [place.key, listOf(madeMask(source, place, scene))] as const);
  return change(draft, id, (candidate) => ({ ...candidate, source, masks: Object.fromEntries(masks) }));
}

/** Gives all queues of a candidate the same mask. */
export function setMask(draft: Draft, id: number, cpus: CpuSet): Draft {
  const masks = Object.fromEntries(draft.queues.map((key) => [key, listOf(cpus)]));
  return change(draft, id, (candidate) => ({ ...candidate, source: 'custom', masks }));
}

/** Takes CPUs into every mask of a candidate, or out of them when all have all of them. */
export function toggle(draft: Draft, id: number, cpus: CpuSet): Draft {
  return change(draft, id, (candidate) => {
    const all = draft.queues.every((key) => cpus.every((cpu) => maskFor(candidate, key).includes(cpu)));
    const masks = draft.queues.map((key) => {
      const mask = maskFor(candidate, key);
      const next = all ? mask.filter((cpu) => !cpus.includes(cpu)) : cpuSet([...mask, ...cpus]);
      return [key, listOf(next)] as const;
    });
    return { ...candidate, source: 'custom', masks: Object.fromEntries(masks) };
  });
}

function change(draft: Draft, id: number, how: (candidate: DraftCandidate) => DraftCandidate): Draft {
  const candidates = draft.candidates.map((candidate) => (candidate.id === id ? how(candidate) : candidate));
  return { ...draft, candidates, chosen: id };
}

/** What a source means for a queue. What a preset does not know, or what nobody can make again, is the mask that is there. */
function madeMask(source: Source, place: QueuePlace, scene: Scene): CpuSet {
  const preset = presetIds.find((one) => one === source);
  return (preset && presetFor(preset, place, scene)) ?? presentCpus(place);
}

function firstMasks(places: readonly QueuePlace[], scene: Scene): Omit<DraftCandidate, 'id'> {
  const suits = (preset: PresetId) => places.every((place) => presetFor(preset, place, scene));
  const source: Source = places.some((place) => presentCpus(place).length > 0)
    ? 'now'
    : (presetIds.find(suits) ?? 'now');
  const masks = places.map((place) => [place.key, listOf(madeMask(source, place, scene))] as const);
  return { source, masks: Object.fromEntries(masks) };
}

/** Reads what VS Code kept; what does not fit begins anew. */
export function readDraft(kept: unknown): Draft {
  const { host, queues, candidates, chosen } = fields(kept);
  if (!Array.isArray(queues) || !Array.isArray(candidates)) return emptyDraft;
  return {
    host: typeof host === 'string' ? host : undefined,
    queues: queues.filter((key) => typeof key === 'string'),
    candidates: candidates.flatMap(readCandidate).slice(0, MOST_CANDIDATES),
    chosen: typeof chosen === 'number' ? chosen : 0,
  };
}

function readCandidate(kept: unknown): DraftCandidate[] {
  const { id, source, masks } = fields(kept);
  if (typeof id !== 'number') return [];
  const known = ([...presetIds, 'now'] as const).find((one) => one === source) ?? 'custom';
  const lists = Object.entries(fields(masks)).filter(([, list]) => typeof list === 'string');
  return [{ id, source: known, masks: Object.fromEntries(lists) as Record<string, string> }];
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
