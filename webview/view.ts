import type { PanelCommand } from '../shared/messages/panel';
import type { FromTuning } from '../shared/messages/tuning';
import type { Turn } from './pace';
import type { Situation } from './situation';
import type { Measure, Sums } from './store/matrix';
import type { Store } from './store/store';
import type { Theme } from './theme';
import type { ViewState } from './viewState';

/** The views that a person can switch between, as their tabs stand. */
export const viewIds = ['traffic', 'softnet', 'configuration', 'doctor', 'tuning'] as const;
export type ViewId = (typeof viewIds)[number];

/** All that a view may show. */
export interface ViewContext {
  readonly store: Store;
  readonly view: ViewState;
  readonly theme: Theme;
  readonly situation: Situation;
  readonly measure: Measure;
  /** Over the matrix, in that measure; another object when a number has changed. */
  readonly sums: Sums;
  readonly turn: Turn;
}

/** Something on the host that another view is asked to show; what is absent does not matter. */
export interface Pointer {
  readonly netns?: number | undefined;
  readonly ifindex?: number | undefined;
  readonly queue?: number | undefined;
  readonly cpu?: number | undefined;
  /** A part of the tuning view. */
  readonly section?: 'masks' | 'history' | undefined;
}

/** What views ask of the panel. */
export interface ViewEvents {
  readonly change: (part: Partial<ViewState>) => void;
  readonly redraw: () => void;
  /** Something for a screen reader to say. */
  readonly say: (text: string) => void;
  readonly run: (command: PanelCommand) => void;
  /** Asks the extension host for something about masks. */
  readonly tune: (message: FromTuning) => void;
  /** Goes to another view and shows something there. */
  readonly visit: (view: ViewId, pointer: Pointer) => void;
}

/** One of the panel's views; only the one that is seen is rendered. */
export interface View {
  readonly root: HTMLElement;
  render(context: ViewContext): void;
  /** Draws attention to something, just after a render. */
  point?(pointer: Pointer): void;
}
