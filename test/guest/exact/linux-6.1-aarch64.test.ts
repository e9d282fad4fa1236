import { describe } from 'vitest';
import { countsExactly } from './exactness';

describe('Linux 6.1 on aarch64', () => {
  // Before 6.4 a trampoline loads on arm64, and then cannot be attached.
  countsExactly({ kernel: '6.1', arch: 'aarch64', backends: ['kprobe', 'kretprobe'] });
});
