import type { Device } from '../../shared/frames/frames';
import { deviceKey, type Mark, type Writer } from '../../shared/messages/panel';
import { MaskWriters } from './maskWriters';
import { OwnMasks, type Whose } from './ownMasks';

/** Names in one mark; more are counted. */
const NAMES = 4;

/** A device whose masks or flow tables are not what they were. */
interface Changed {
  readonly device: Device;
  readonly whose: Whose;
  /** Who wrote its masks; empty where that is not known. */
  readonly writers: readonly Writer[];
  readonly at: number;
}

/**
 * What changed between two tellings of a host's devices that may explain a change of its counts.
 * @param at when that was seen, in seconds of the host's CLOCK_MONOTONIC
 * @param own tells changes by this window from those by others
 * @param writers tells who the others are
 */
export function changes(
  before: readonly Device[],
  after: readonly Device[],
  at: number,
  own = new OwnMasks(),
  writers = new MaskWriters(),
): Mark[] {
  const old = new Map(before.map((device) => [deviceKey(device), device]));
  const now = new Set(after.map(deviceKey));
  const came = after.filter((device) => !old.has(deviceKey(device)));
  const went = before.filter((device) => !now.has(deviceKey(device)));
  const changed = after.flatMap((device): Changed[] => {
    const same = old.get(deviceKey(device));
    if (!same || masksOf(same) === masksOf(device)) return [];
    return [{ device, whose: own.whose(same, device), ...writtenBy(same, device, at, writers) }];
  });
  const mark = (what: Mark['what'], devices: readonly Device[]): Mark[] =>
    devices.length > 0 ? [{ at, what, ...named(devices) }] : [];
  const changedFromHere = (what: 'applied' | 'reverted') =>
    mark(
      what,
      changed.filter(({ whose }) => whose === what).map(({ device }) => device),
    );
  return [
    ...byOthers(changed.filter(({ whose }) => whose === 'masks')),
    ...changedFromHere('applied'),
    ...changedFromHere('reverted'),
    ...mark('came', came),
    ...mark('went', went),
  ];
}

/** One mark for all devices that the same processes have changed. */
function byOthers(changed: readonly Changed[]): Mark[] {
  const groups = new Map<string, Changed[]>();
  for (const one of changed) {
    const key = JSON.stringify(one.writers);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map((group) => {
    const writers = group[0]?.writers ?? [];
    return {
      at: newest(group.map(({ at }) => at)),
      what: 'masks',
      ...named(group.map(({ device }) => device)),
      ...(writers.length > 0 && { by: { writers: writers.slice(0, NAMES), count: writers.length } }),
    };
  });
}

function writtenBy(
  old: Device,
  { queues, ...device }: Device,
  seen: number,
  writers: MaskWriters,
): Pick<Changed, 'writers' | 'at'> {
  const masks = new Map(old.queues.map(({ rx, rps_cpus }) => [rx, rps_cpus]));
  const made = queues.flatMap(({ rx, rps_cpus }) => {
    const before = masks.get(rx);
    return before === undefined || before === rps_cpus ? [] : [writers.of(device, rx, before, rps_cpus)];
  });
  const known = made.flatMap(({ at }) => at ?? []);
  const distinct = new Map(
    made.flatMap((change) => change.writers).map((writer) => [JSON.stringify(writer), writer]),
  );
  return { writers: [...distinct.values()], at: known.length > 0 ? newest(known) : seen };
}

/** Of numbers that may be too many for the arguments of a call. */
const newest = (times: readonly number[]) => times.reduce((last, time) => Math.max(last, time), -Infinity);

const named = (devices: readonly Device[]) => ({
  names: devices.slice(0, NAMES).map(({ name }) => name),
  count: devices.length,
});

function masksOf({ queues }: Device): string {
  return queues.map(({ rx, rps_cpus, rps_flow_cnt }) => `${rx} ${rps_cpus} ${rps_flow_cnt}`).join();
}
