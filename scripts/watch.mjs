import { context } from 'esbuild';
import { forDevelopment, lineOf } from './bundles.mjs';

/**
 * Bundles again after each change of a source. Prints `watch: build started` when the first of the bundles starts, one line
 * for each error and warning, and `watch: build finished` when none is being built any more: the problem matcher in
 * .vscode/tasks.json reads these lines.
 */
export async function watch(bundles) {
  let running = 0;
  const reporter = {
    name: 'reporter',
    setup: (build) => {
      build.onStart(() => {
        if (running++ === 0) console.log('watch: build started');
      });
      build.onEnd(({ errors, warnings }) => {
        for (const error of errors) console.log(lineOf(error, 'error'));
        for (const warning of warnings) console.log(lineOf(warning, 'warning'));
        if (--running === 0) console.log('watch: build finished');
      });
    },
  };
  const silent = { logLevel: 'silent', plugins: [reporter] };
  const contexts = await Promise.all(
    bundles.map((bundle) => context({ ...bundle, ...forDevelopment, ...silent })),
  );
  await Promise.all(contexts.map((one) => one.watch()));
}
