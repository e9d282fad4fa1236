import type { FromPanel, ToPanel } from '../../shared/messages/panel';
import type { ToPlayback } from '../../shared/messages/playback';

/** The extension host's side of one panel. */
export interface Host {
  take(message: FromPanel): void;
  /** Ends it; nothing is posted any more. */
  dispose(): void;
}

export type Post = (message: ToPanel | ToPlayback) => void;
