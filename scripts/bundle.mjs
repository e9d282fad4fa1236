// Bundles the extension host's side and the webview's side into dist/. `--dev` leaves the code readable; `--watch` also adds
// source maps and bundles again after each change, until it is interrupted.
import { build } from 'esbuild';
import { extensionBundle, webviewBundle } from './bundles.mjs';
import { watch } from './watch.mjs';

const bundles = [extensionBundle, webviewBundle];
if (process.argv.includes('--watch')) await watch(bundles);
else {
  const minify = !process.argv.includes('--dev');
  await Promise.all(bundles.map((bundle) => build({ ...bundle, minify })));
}
