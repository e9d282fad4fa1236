import { ensurePackages } from './apt';
import { run } from './run';

// Checks the C sources against .clang-format.
await ensurePackages(['clang-format']);
const files = (await run('git', ['ls-files', 'bpf/*.c', 'bpf/*.h'])).trim().split('\n').filter(Boolean);
await run('clang-format', ['--dry-run', '--Werror', ...files]);
