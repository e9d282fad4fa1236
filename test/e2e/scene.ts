import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFailed } from 'vitest';
import { packageExtension } from '../../scripts/package';
import { openBrowser } from './browser';
import { startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer';
import { TracePanel } from './tracePanel';
import { Workbench } from './workbench';

/** The packaged extension in a real VS Code, with one window open in a browser. */
export interface Scene {
  readonly server: CodeServer;
  readonly workbench: Workbench;
  readonly panel: TracePanel;
  /** Starts a trace from the palette with a host as it would be typed. */
  start(host: string): Promise<void>;
  /** Called first in a test: should it fail, it tells what the window showed and what the extension logged. */
  explainFailure(): void;
  close(): Promise<void>;
}

export async function openScene(options: Omit<CodeServerOptions, 'vsix'> = {}): Promise<Scene> {
  const server = await startCodeServer({ ...options, vsix: [await packageExtension()] });
  const browser = await openBrowser();
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    const workbench = await Workbench.open(browser, server.url);
    return {
      server,
      workbench,
      panel: new TracePanel(workbench.panel),
      start: (host) =>
        // A host that was traced before is on the list as it is.
        workbench.runAndPick('RPS: Start Tracing…', new RegExp(`^\\s*(Trace )?${host}\\s*$`), host),
      explainFailure: () => {
        onTestFailed(async () => {
          const picture = join(await mkdtemp(join(tmpdir(), 'rps-trace-failed-')), 'window.png');
          await workbench.page.screenshot({ path: picture });
          console.error(`The window: ${picture}\nThe log:\n${await extensionLog(server.logs)}`);
        });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the extension wrote to its output channel, in every window so far. */
async function extensionLog(logs: string): Promise<string> {
  const files = (await readdir(logs, { recursive: true })).filter((file) => file.endsWith('RPS Trace.log'));
  return (await Promise.all(files.map((file) => readFile(join(logs, file), 'utf8')))).join('\n');
}
