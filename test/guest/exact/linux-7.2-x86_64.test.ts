import { describe } from 'vitest';
import { countsExactly, every } from './exactness';

describe('Linux 7.2 on x86_64', () => {
  countsExactly({ kernel: '7.2', arch: 'x86_64', backends: every });
});
