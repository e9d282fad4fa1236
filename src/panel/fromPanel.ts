import { z } from 'zod';
import { exportFormats } from '../../shared/messages/export';
import {
  MAX_COPY,
  MAX_CPU_LIST,
  MAX_EXPORT,
  MAX_HOST,
  MAX_LISTS,
  MAX_NAME,
  MAX_TEXT,
  MOST_CANDIDATES,
  MOST_WRITES,
} from '../../shared/limits';
import { list } from '../../shared/bounded';
import { panelCommands, type FromPanel } from '../../shared/messages/panel';
import { speeds } from '../../shared/messages/playback';
import { GUARD_SECONDS } from '../../shared/messages/tuning';

const u32 = z.number().int().min(0).max(0xffffffff);
const queues = list(
  z.object({
    ...{ netns: u32, ifindex: u32, instance: u32 },
    queue: z.number().int().min(0).max(65535),
    list: z.string().max(MAX_CPU_LIST),
  }),
  MOST_WRITES,
).refine((all) => all.reduce((sum, one) => sum + one.list.length, 0) <= MAX_LISTS, 'lists that are too long');

const fromPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('command'), command: z.enum(panelCommands) }),
  z.object({ type: z.literal('show'), host: z.string().max(MAX_HOST) }),
  z.object({ type: z.literal('seek'), position: z.number().int().nonnegative() }),
  z.object({ type: z.literal('play') }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('speed'), speed: z.literal(speeds) }),
  z.object({
    type: z.literal('exported'),
    format: z.enum(exportFormats),
    content: z.string().max(MAX_EXPORT),
  }),
  z.object({ type: z.literal('notExported'), why: z.string().max(MAX_TEXT) }),
  z.object({ type: z.literal('interval'), from: z.number(), to: z.number() }),
  z.object({
    type: z.literal('setCandidates'),
    candidates: list(z.object({ id: u32, queues }), MOST_CANDIDATES),
  }),
  z.object({ type: z.literal('previewApply'), queues, candidate: u32.optional() }),
  z.object({ type: z.literal('previewRevert'), entry: z.string().max(MAX_NAME) }),
  z.object({ type: z.literal('dismissApply') }),
  z.object({
    type: z.literal('applyMasks'),
    seconds: z.number().int().min(GUARD_SECONDS.least).max(GUARD_SECONDS.most),
    overwrite: z.boolean(),
  }),
  z.object({ type: z.literal('confirmApply') }),
  z.object({ type: z.literal('revertApply') }),
  z.object({ type: z.literal('keepMasks'), queues }),
  z.object({ type: z.literal('copyText'), text: z.string().max(MAX_COPY) }),
]);

/** Reads a message of the webview, or undefined when it is none. Only the extension host needs this: zod stays out of the webview. */
export function parseFromPanel(message: unknown): FromPanel | undefined {
  return fromPanel.safeParse(message).data;
}
