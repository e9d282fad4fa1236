import { z } from 'zod';
import { exportFormats } from './export';
import { panelCommands, type FromPanel } from './panel';
import { speeds } from './playback';

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
]);

/** Reads a message of the webview, or undefined when it is none. Only the extension host needs this: zod stays out of the webview. */
export function parseFromPanel(message: unknown): FromPanel | undefined {
  return fromPanel.safeParse(message).data;
}
