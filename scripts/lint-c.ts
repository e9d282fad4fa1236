import { machine } from 'node:os';
import { ensurePackages } from './apt';
import { buildLoader } from './build-loader';
import { lintIncludes } from './lint-includes';
import { run } from './run';

// Checks the C sources against .clang-format and the order of rooms, and compiles what only the bench runs, which no test does.
await ensurePackages(['clang-format']);
const files = (await run('git', ['ls-files', 'bpf/*.c', 'bpf/*.h', 'test/*.c', 'test/*.h']))
  .trim()
  .split('\n');
await run('clang-format', ['--dry-run', '--Werror', ...files]);
await buildLoader();
await lintIncludes();
await run('make', ['-s', '-C', 'bpf', `ARCH=${machine()}`, 'sizes']);
