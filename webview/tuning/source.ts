import type { PresetId } from '../../shared/masks/presets';

/** Where the masks of a candidate come from: a preset, the masks as they were, or a person's hand. */
export type Source = PresetId | 'now' | 'custom';
