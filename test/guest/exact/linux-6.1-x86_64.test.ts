import { describe } from 'vitest';
import { backends } from '../loaderRun';
import { countsExactly } from './exactness';

describe('Linux 6.1 on x86_64', () => {
  countsExactly({ kernel: '6.1', arch: 'x86_64', backends });
});
