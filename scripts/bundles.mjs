// What esbuild bundles into dist/, for scripts/bundle.mjs and scripts/panel.ts.

const shared = { bundle: true, sourcemap: false, logLevel: 'warning', legalComments: 'none' };

/** The extension host's side. */
export const extensionBundle = {
  ...shared,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // cpu-features and ssh2's native cipher are optional speed-ups that cannot be bundled; ssh2 runs without them.
  external: ['vscode', 'cpu-features', '*.node'],
};

/** The webview's side. */
export const webviewBundle = {
  ...shared,
  entryPoints: ['webview/main.ts', 'webview/main.css'],
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
};

/** Readable, with source maps inside: the policy of a webview's page refuses to load a map. */
export const forDevelopment = { minify: false, sourcemap: 'inline' };

/** One line for each error or warning: `file:line:column: error: text`, lines and columns from 1. */
export function lineOf({ location, text }, severity) {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
  return `${place}${severity}: ${text.replaceAll('\n', ' ')}`;
}
