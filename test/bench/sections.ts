import { counting } from './counting';
import { instructions } from './instructions';
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
  counting.section('counting'),
  predicting.section('predicting'),
  instructions,
  starting,
  reaching,
  resting,
  sizes,
  recording,
  panel,
];
