import type { Device } from '../protocol/frames';
import { deviceKey, type Mark } from '../protocol/panel';
import { OwnMasks } from './ownMasks';

/** Names in one mark; more are counted. */
const NAMES = 4;

/**
 * What changed between two tellings of a host's devices that may explain a change of its counts.
 * @param own tells changes by this window from those by others
 */
export function changes(
  before: readonly Device[],
  after: readonly Device[],
  at: number,
  own = new OwnMasks(),
): Mark[] {
  const old = new Map(before.map((device) => [deviceKey(device), device]));
  const now = new Set(after.map(deviceKey));
  const came = after.filter((device) => !old.has(deviceKey(device)));
  const went = before.filter((device) => !now.has(deviceKey(device)));
  const masks = after.flatMap((device) => {
    const same = old.get(deviceKey(device));
    return same && masksOf(same) !== masksOf(device) ? [{ device, whose: own.whose(same, device) }] : [];
  });
  const mark = (what: Mark['what'], devices: readonly Device[]): Mark[] =>
    devices.length > 0
      ? [{ at, what, names: devices.slice(0, NAMES).map(({ name }) => name), count: devices.length }]
      : [];
  const changedBy = (what: 'masks' | 'applied' | 'reverted') =>
    mark(
      what,
      masks.filter(({ whose }) => whose === what).map(({ device }) => device),
    );
  return [
    ...(['masks', 'applied', 'reverted'] as const).flatMap(changedBy),
    ...mark('came', came),
    ...mark('went', went),
  ];
}

function masksOf({ queues }: Device): string {
  return queues.map(({ rx, rps_cpus, rps_flow_cnt }) => `${rx} ${rps_cpus} ${rps_flow_cnt}`).join();
}
