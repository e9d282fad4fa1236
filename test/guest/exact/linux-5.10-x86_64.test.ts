import { describe } from 'vitest';
import { backends } from '../loaderRun';
import { countsExactly } from './exactness';

describe('Linux 5.10 on x86_64', () => {
  countsExactly({ kernel: '5.10', arch: 'x86_64', backends });
});
