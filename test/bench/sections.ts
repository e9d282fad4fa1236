import { counting } from './counting';
import { panel } from './panel';
import { predicting } from './predicting';
import { reaching } from './reaching';
import { recording } from './recording';
import { resting } from './resting';
import type { Section } from './section';
import { sizes } from './sizes';
import { starting } from './starting';

/** In the order they are measured and printed. */
export const sections: readonly Section[] = [
  counting,
  predicting,
  starting,
  reaching,
  resting,
  sizes,
  recording,
  panel,
];
