import { listOf, maskOf, readList, readMask } from '../../../shared/masks/cpuSet';
import { maskWidth } from '../../../shared/masks/width';
import type { Device } from '../../../shared/frames/frames';
import type {
  Candidate,
  GuardedWrite,
  HistoryEntry,
  KeepText,
  PlannedWrite,
  Predictions,
  Proof,
  QueueMask,
  Spread,
  Tuning,
} from '../../../shared/messages/tuning';
import type { Feed } from './feed';

/** Nothing was tuned yet. */
export const untuned: Tuning = {
  candidates: [],
  predictions: { kind: 'none' },
  apply: { kind: 'idle' },
  history: [],
  proof: undefined,
};

const cpusOf = (list: string) => {
  const read = readList(list);
  return read.kind === 'cpus' ? read.cpus : [];
};

/** A spread over some CPUs, each a little less than the one before it, `first` times as much on the first. */
function makeSpread(
  cpus: readonly number[],
  skbs: number,
  first: number,
  part: Partial<Spread> = {},
): Spread {
  const weights = cpus.map((_, place) => (place === 0 ? first : 1 - place / (cpus.length * 4)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const share = (weight: number) => weight / Math.max(all, 1e-9);
  const loads = cpus.map((cpu, place) => ({
    cpu,
    skbs: Math.round(skbs * share(weights[place] ?? 0)),
    rate: Math.round((skbs / 10) * share(weights[place] ?? 0)),
  }));
  const imbalance = cpus.length > 1 ? { cpu: cpus[0] ?? 0, factor: share(first) * cpus.length } : undefined;
  return {
    from: 5000,
    to: 5010,
    skbs,
    cpus: loads,
    uncertain: 0,
    crossNode: Math.round(skbs * 0.12),
    imbalance,
    ...part,
  };
}

/** What the kernel would say of candidates after 10 s. */
export function makePredictions(candidates: readonly Candidate[]): Predictions {
  return {
    kind: 'predicting',
    since: 5000,
    at: 5010,
    asked: true,
    lost: 0,
    candidates: candidates.map(({ id, queues }) => ({
      id,
      kept: queues,
      spread: makeSpread(cpusOf(queues[0]?.list ?? ''), 240_000, 1.4, { uncertain: 12_000, crossNode: 0 }),
      real: makeSpread([0, 1], 240_000, 3),
      flow: 24_000,
      floor: 0.41,
    })),
  };
}

/** The writes of some masks, as the extension host plans them. */
export function planned(feed: Feed, masks: readonly QueueMask[]): PlannedWrite[] {
  const { devices, facts } = feed.snapshot;
  return masks.map(({ netns, ifindex, instance, queue, list }) => {
    const device: Device | undefined = devices.find((one) => one.netns === netns && one.ifindex === ifindex);
    if (!device) throw new Error('the host has no such device');
    const before = device.queues[queue]?.rps_cpus ?? '0';
    const after = maskOf(cpusOf(list), maskWidth(facts?.cpus ?? [], before));
    const path = `/sys/class/net/${device.name}/queues/rx-${queue}/rps_cpus`;
    const { name, netns_name: netnsName } = device;
    return {
      netns,
      ifindex,
      instance,
      queue,
      name,
      netnsName,
      path,
      before,
      after,
      kept: after,
      conflict: undefined,
    };
  });
}

/** The same when they are written. */
export const written = (writes: readonly PlannedWrite[]): GuardedWrite[] =>
  writes.map((write) => ({ ...write, state: 'written', now: write.kept }));

/** A history with one change that stands and one that was taken back. */
export function makeHistory(writes: readonly PlannedWrite[]): HistoryEntry[] {
  const time = Date.UTC(2026, 10, 25, 17, 30);
  return [
    { id: 'b', time, until: time + 60_000, outcome: 'confirmed', reverts: undefined, writes },
    { id: 'a', time: time - 600_000, until: time - 540_000, outcome: 'reverted', reverts: undefined, writes },
  ];
}

/** A proof that what came is near to what was predicted. */
export function makeProof(list: string): Proof {
  const cpus = cpusOf(list);
  return {
    at: 5020,
    before: makeSpread([0, 1], 240_000, 3),
    predicted: makeSpread(cpus, 240_000, 1.4, { crossNode: 0 }),
    after: makeSpread(cpus, 310_000, 1.45, { from: 5020, to: 5042, crossNode: 0 }),
  };
}

/** Texts that make a mask last. */
export function makeKeepTexts(mask: string): KeepText[] {
  const read = readMask(mask);
  const list = read.kind === 'cpus' ? listOf(read.cpus) : '';
  return [
    {
      form: 'systemd',
      files: [
        {
          path: '/etc/systemd/network/60-ens1f0np0.link',
          mode: '0644',
          text: `[Match]\nOriginalName=ens1f0np0\n\n[Link]\nReceivePacketSteeringCPUMask=${list}\n`,
        },
      ],
      notes: ['systemd256', 'sameForAll'],
    },
    {
      form: 'script',
      files: [
        {
          path: '/usr/local/sbin/rps-masks',
          mode: '0755',
          text: `#!/bin/sh\necho ${mask} > /sys/class/net/ens1f0np0/queues/rx-0/rps_cpus\n`,
        },
      ],
      notes: [],
    },
  ];
}
