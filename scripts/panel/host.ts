import type { FromPanel, ToPanel } from '../../src/protocol/panel';
import type { ToPlayback } from '../../src/protocol/playback';

/** The extension host's side of one panel. */
export interface Host {
  take(message: FromPanel): void;
  /** Ends it; nothing is posted any more. */
  dispose(): void;
}

export type Post = (message: ToPanel | ToPlayback) => void;
