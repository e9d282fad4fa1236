import { describe } from 'vitest';
import { backends } from '../loaderRun';
import { countsExactly } from './exactness';

describe('Linux 6.12 on x86_64', () => {
  countsExactly({ kernel: '6.12', arch: 'x86_64', backends });
});
