import { z } from 'zod';
import { panelCommands, type FromPanel } from './panel';

const fromPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('command'), command: z.enum(panelCommands) }),
  z.object({ type: z.literal('show'), host: z.string() }),
]);

/** Reads a message of the webview, or undefined when it is none. Only the extension host needs this: zod stays out of the webview. */
export function parseFromPanel(message: unknown): FromPanel | undefined {
  return fromPanel.safeParse(message).data;
}
