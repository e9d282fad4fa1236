import { describe } from 'vitest';
import { backends } from '../loaderRun';
import { countsExactly } from './exactness';

describe('Linux 6.12 on aarch64', () => {
  countsExactly({ kernel: '6.12', arch: 'aarch64', backends });
});
