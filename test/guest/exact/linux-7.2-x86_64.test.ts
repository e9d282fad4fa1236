import { describe } from 'vitest';
import { backends } from '../loaderRun';
import { countsExactly } from './exactness';

describe('Linux 7.2 on x86_64', () => {
  countsExactly({ kernel: '7.2', arch: 'x86_64', backends });
});
