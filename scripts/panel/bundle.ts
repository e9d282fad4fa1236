import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context, type BuildContext, type BuildResult } from 'esbuild';
import { forDevelopment, lineOf, webviewBundle } from '../bundles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['scripts/panel/window.page.ts', 'scripts/panel/api.page.ts'];

/** What the browser is told of a build. */
export interface Built {
  /** Of the last build without an error. */
  readonly id: string;
  /** What is wrong with the sources since then: one line each. */
  readonly errors: readonly string[];
}

/** The webview and the pages around it, bundled in memory, again after each change of a source. */
export class WatchedBundle {
  #files: ReadonlyMap<string, Uint8Array> = new Map();
  #built: Built = { id: '', errors: [] };
  #context: BuildContext | undefined;

  #changed: (built: Built) => void = () => undefined;

  private constructor() {}

  /** Resolves after the first build, also when it has failed. */
  static async watch(): Promise<WatchedBundle> {
    const bundle = new WatchedBundle();
    await new Promise<void>((resolve, reject) => {
      bundle.#watch(resolve).catch(reject);
    });
    return bundle;
  }

  get built(): Built {
    return this.#built;
  }

  /** Calls `changed` after every build from now on. */
  listen(changed: (built: Built) => void): void {
    this.#changed = changed;
  }

  /** The content of a file by its name, such as `main.js`. */
  file(name: string): Uint8Array | undefined {
    return this.#files.get(name);
  }

  async dispose(): Promise<void> {
    await this.#context?.dispose();
  }

  async #watch(first: () => void): Promise<void> {
    this.#context = await context({
      ...webviewBundle,
      ...forDevelopment,
      entryPoints: [...(webviewBundle.entryPoints as string[]), ...pages],
      absWorkingDir: root,
      logLevel: 'silent',
      write: false,
      plugins: [
        {
          name: 'reload',
          setup: (build) =>
            build.onEnd((result) => {
              this.#take(result);
              first();
            }),
        },
      ],
    });
    await this.#context.watch();
  }

  #take({ errors, outputFiles = [] }: BuildResult): void {
    if (errors.length === 0) {
      this.#files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
      this.#built = { id: randomUUID(), errors: [] };
    } else this.#built = { ...this.#built, errors: errors.map((error) => lineOf(error, 'error')) };
    this.#changed(this.#built);
  }
}
