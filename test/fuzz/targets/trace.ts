import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { FrameReader } from '../../../src/loader/frameReader';
import { Problem } from '../../../src/problem';
import type { ToPanel } from '../../../shared/messages/panel';
import { everything } from '../../../shared/scope';
import { fromWire, toWire } from '../../../shared/messages/wire';
import { Counts } from '../../../src/trace/counts';
import { Shadows } from '../../../src/tuning/shadows';
import { Store } from '../../../webview/store/store';
import { frameLines } from '../frameLines';
import { target } from '../target';
import { changed } from '../texts';

const candidate = { id: 1, queues: [{ netns: 4026531840, ifindex: 2, instance: 3, queue: 0, list: '0-1' }] };

/** A loader's lines go through a trace to a panel, which then shows what one shows that has just appeared. */
export default target({
  input: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...frameLines) }, changed(...frameLines)),
    {
      maxLength: 40,
    },
  ),
  check: (lines) => {
    const counts = new Counts();
    const shadows = new Shadows();
    shadows.set([candidate]);
    const seen = new Store();
    seen.apply(snapshotOf(counts));
    const reader = new FrameReader(
      'web-1',
      {
        onFrame: (frame) => {
          for (const message of counts.apply(frame)) seen.apply(sent(message));
          if (shadows.apply(frame)) JSON.stringify(shadows.predictions());
        },
        onBadLine: () => seen.apply(sent(counts.badLine())),
      },
      () => undefined,
      (fault) => {
        if (!(fault instanceof Problem)) throw new Error('a fault that is no Problem');
      },
    );
    for (const line of lines) reader.push(Buffer.from(`${line}\n`));
    const back = new Store();
    back.apply(snapshotOf(counts));
    deepStrictEqual(seen.matrix.total, back.matrix.total);
    deepStrictEqual(seen.health, back.health);
    JSON.stringify(counts.opening());
  },
});

/** What comes of a message on its way to a webview. */
const sent = (message: ToPanel) => fromWire(structuredClone(toWire(message)));

function snapshotOf(counts: Counts): ToPanel {
  const state = { kind: 'tracing' } as const;
  return sent({ type: 'snapshot', host: 'web-1', state, scope: everything, ...counts.snapshot() });
}
