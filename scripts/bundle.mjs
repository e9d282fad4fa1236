// Bundles the extension host's side and the webview's side into dist/.
import { build } from 'esbuild';

const minify = !process.argv.includes('--dev');
const shared = { bundle: true, minify, sourcemap: false, logLevel: 'warning', legalComments: 'none' };

await Promise.all([
  build({
    ...shared,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // cpu-features and ssh2's native cipher are optional speed-ups that cannot be bundled; ssh2 runs without them.
    external: ['vscode', 'cpu-features', '*.node'],
  }),
  build({
    ...shared,
    entryPoints: ['webview/main.ts', 'webview/main.css'],
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
  }),
]);
