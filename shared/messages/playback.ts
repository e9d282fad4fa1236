/** The wire between the editor of recordings and the bar under its panel that plays them. */

/** How much faster than life a recording can be played. */
export const speeds = [1, 4, 16, 60] as const;
export type Speed = (typeof speeds)[number];

/** What of a recording cannot be read. Times are in milliseconds since 1970. */
export type Damage =
  /** It ends in the middle: it was cut off, or is still being written. `after` is the end of what is there. */
  | { readonly kind: 'cut'; readonly after: number | undefined }
  /** Bytes between two blocks that are none. */
  | { readonly kind: 'lost'; readonly after: number | undefined; readonly bytes: number }
  /** A block whose content does not match its checksum, or is not what the format allows. */
  | { readonly kind: 'block'; readonly number: number; readonly from: number; readonly to: number };

/** Where a recording stands. */
export interface Playback {
  /** The sample shown, from 0; `positions` of them, the loader's final totals at the end among them. */
  readonly position: number;
  readonly positions: number;
  /** When the sample shown was taken, the first and the last one, in milliseconds since 1970. */
  readonly time: number;
  readonly from: number;
  readonly to: number;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly damage: readonly Damage[];
}

export interface ToPlayback {
  readonly type: 'playback';
  readonly playback: Playback;
}

/** What a person does with a recording. */
export type FromPlayback =
  | { readonly type: 'seek'; readonly position: number }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'speed'; readonly speed: Speed };
