import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from '../../../shared/messages/wire';
import { makeFeed } from '../../e2e/panel/feed';

describe('a message to a panel', () => {
  const feed = makeFeed(64, 2);
  const totals = { processed: 2 ** 52, dropped: 1, squeezed: 2, ipis: 3, flowLimit: 4 };
  const rates = { processed: 1.5, dropped: 0, squeezed: 5, ipis: 6, flowLimit: 7 };
  const known = { cpu: 3, totals, rates, backlog: 0 };
  const unknown = { cpu: 65535, totals, rates: undefined, backlog: undefined };

  it.each([
    ['a snapshot', feed.snapshot],
    ['a sample with new rows', { ...feed.next(), added: feed.snapshot.keys }],
    ['a sample of some rows', { ...feed.next(), index: Uint32Array.of(4, 5, 6, 9, 0, 7, 8, 2 ** 32 - 1) }],
    ['a sample of no row', { ...feed.next(), index: new Uint32Array(), counts: new Uint32Array() }],
    ['what softnet_stat tells', { type: 'softnet', softnet: { at: 12.5, cpus: [known, unknown] } } as const],
    ['a state', { type: 'state', state: { kind: 'stopping' } } as const],
  ])('arrives as it was sent, as %s', (_, message) => {
    expect(fromWire(structuredClone(toWire(message)))).toEqual(message);
  });

  it('keeps what is above 32 bits and below 0', () => {
    const key = { netns: 2 ** 32 - 1, ifindex: 2 ** 31, instance: 2 ** 29 - 1, queue: 65535, cpu: 65535 };
    const added = [{ ...key, target: -1, verdict: 'none' as const }];
    expect(fromWire(toWire({ ...feed.next(), added }))).toMatchObject({ added });
  });
});
