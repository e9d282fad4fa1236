import type { Candidate, CandidatePrediction, QueueMask, Tuning } from '../../shared/messages/tuning';
import { deviceKey } from '../../shared/messages/panel';
import type { Store } from '../store/store';
import { emptyDraft, type Draft, type DraftCandidate } from './draft';
import { queueMasks } from './names';
import type { QueuePlace } from './scene';

/** The draft for the host that is shown: the one that was kept, or what the kernel evaluates already for another panel. */
export function draftFor(kept: Draft, { host, tuning }: Store): Draft {
  const own = kept.host === host ? kept : { ...emptyDraft, host };
  const untouched = own.queues.length === 0 && own.candidates.length === 0;
  return untouched && tuning && tuning.candidates.length > 0 ? adopted(own, tuning.candidates) : own;
}

function adopted(draft: Draft, candidates: readonly Candidate[]): Draft {
  const key = (mask: QueueMask) => `${deviceKey(mask)}:${mask.queue}`;
  return {
    ...draft,
    queues: [...new Set(candidates.flatMap(({ queues }) => queues.map(key)))],
    candidates: candidates.map(({ id, queues }) => ({
      id,
      source: 'custom',
      masks: Object.fromEntries(queues.map((mask) => [key(mask), mask.list])),
    })),
    chosen: candidates[0]?.id ?? 0,
  };
}

/** Candidates as the kernel is to evaluate them. */
export function wireCandidates(
  candidates: readonly DraftCandidate[],
  places: readonly QueuePlace[],
): Candidate[] {
  return candidates.map((candidate) => ({ id: candidate.id, queues: queueMasks(candidate, places) }));
}

/** Whether the kernel was asked about exactly these masks. */
export function isSet(candidate: Candidate, { candidates }: Tuning): boolean {
  const texts = ({ queues }: Candidate) =>
    JSON.stringify(queues.map((mask) => `${deviceKey(mask)}:${mask.queue}=${mask.list}`).toSorted());
  const set = candidates.find(({ id }) => id === candidate.id);
  return set !== undefined && texts(set) === texts(candidate);
}

/** What is predicted for a candidate that the kernel was asked about. */
export function predictionOf(candidate: Candidate, tuning: Tuning): CandidatePrediction | undefined {
  const { predictions } = tuning;
  if (predictions.kind !== 'predicting' || !predictions.asked || !isSet(candidate, tuning)) return undefined;
  return predictions.candidates.find(({ id }) => id === candidate.id);
}
