// A thread does not inherit tsx from the one that starts it.
import { register } from 'tsx/esm/api';

register();
await import('./work.ts');
