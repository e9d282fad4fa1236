import { describe } from 'vitest';
import { countsExactly, every } from './exactness';

describe('Linux 6.12 on aarch64', () => {
  countsExactly({ kernel: '6.12', arch: 'aarch64', backends: every });
});
