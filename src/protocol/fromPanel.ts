import { z } from 'zod';
import { exportFormats } from './export';
import { panelCommands, type FromPanel } from './panel';
import { speeds } from './playback';
import { GUARD_SECONDS, MOST_CANDIDATES, MOST_WRITES } from './tuning';

const u32 = z.number().int().min(0).max(0xffffffff);
/** A list of the kernel's most CPUs, each by itself, is not longer. */
const LONGEST_LIST = 49_152;
const queues = z
  .array(
    z.object({
      ...{ netns: u32, ifindex: u32, instance: u32 },
      queue: z.number().int().min(0).max(65535),
      list: z.string().max(LONGEST_LIST),
    }),
  )
  .max(MOST_WRITES);

const fromPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('command'), command: z.enum(panelCommands) }),
  z.object({ type: z.literal('show'), host: z.string() }),
  z.object({ type: z.literal('seek'), position: z.number().int().nonnegative() }),
  z.object({ type: z.literal('play') }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('speed'), speed: z.literal(speeds) }),
  z.object({ type: z.literal('exported'), format: z.enum(exportFormats), content: z.string() }),
  z.object({ type: z.literal('notExported'), why: z.string() }),
  z.object({ type: z.literal('interval'), from: z.number(), to: z.number() }),
  z.object({
    type: z.literal('setCandidates'),
    candidates: z.array(z.object({ id: u32, queues })).max(MOST_CANDIDATES),
  }),
  z.object({ type: z.literal('previewApply'), queues, candidate: u32.optional() }),
  z.object({ type: z.literal('previewRevert'), entry: z.string() }),
  z.object({ type: z.literal('dismissApply') }),
  z.object({
    type: z.literal('applyMasks'),
    seconds: z.number().int().min(GUARD_SECONDS.least).max(GUARD_SECONDS.most),
    overwrite: z.boolean(),
  }),
  z.object({ type: z.literal('confirmApply') }),
  z.object({ type: z.literal('revertApply') }),
  z.object({ type: z.literal('keepMasks'), queues }),
  z.object({ type: z.literal('copyText'), text: z.string() }),
]);

/** Reads a message of the webview, or undefined when it is none. Only the extension host needs this: zod stays out of the webview. */
export function parseFromPanel(message: unknown): FromPanel | undefined {
  return fromPanel.safeParse(message).data;
}
