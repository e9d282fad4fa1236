import { interrupted } from './interrupted';
import { readArguments, usage } from './panel/arguments';
import { recordings } from './panel/recordings';
import { PanelServer } from './panel/server';

// `npm run panel [-- --port N] [FILE.rpsrec]`: the panel alone in a browser, without VS Code and without a host.

try {
  const { port, recording } = readArguments(process.argv.slice(2));
  const server = await PanelServer.start(port, recordings(recording));
  const query = recording === undefined ? '' : `?${new URLSearchParams({ source: recording })}`;
  console.log(`Open ${server.origin}/${query} in a browser. Ctrl+C ends it.`);
  await interrupted();
  await server.close();
} catch (error) {
  console.error(`panel: ${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 2;
}
