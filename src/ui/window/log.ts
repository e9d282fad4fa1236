import * as vscode from 'vscode';
import type { Log } from '../../hosts/prompts';
import { logged } from '../../inert';

/** The output channel of the extension. A host's text cannot look like another entry there. */
export interface ShownLog extends Log {
  show(): void;
  dispose(): void;
}

/** Opens the extension's output channel. */
export function openLog(): ShownLog {
  const channel = vscode.window.createOutputChannel('RPS Trace', { log: true });
  return {
    info: (message) => channel.info(logged(message)),
    warn: (message) => channel.warn(logged(message)),
    error: (message) => channel.error(logged(message)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
