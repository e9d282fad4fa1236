import type { ToExport } from '../shared/messages/export';
import type { FromPanel } from '../shared/messages/panel';
import type { ToPlayback } from '../shared/messages/playback';
import { fromWire, type WireToPanel } from '../shared/messages/wire';
import { App } from './app';
import { exportView } from './export/export';
import { PlaybackBar } from './playback/bar';

const vscode = acquireVsCodeApi();
const post = (message: FromPanel) => vscode.postMessage(message);

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element #app.');

const app = new App(root, {
  run: (command) => post({ type: 'command', command }),
  show: (host) => post({ type: 'show', host }),
  again: () => post({ type: 'ready' }),
  tune: post,
  ask: (from, to) => post({ type: 'interval', from, to }),
  keep: (state) => vscode.setState(state),
  kept: () => vscode.getState(),
});

const bar = new PlaybackBar(post);
root.append(bar.root);

// Only VS Code can post to a webview's page, and the extension host makes these messages from validated frames.
window.addEventListener('message', ({ data }: MessageEvent<WireToPanel | ToPlayback | ToExport>) => {
  if (data.type === 'playback') bar.show(data.playback);
  else if (data.type === 'export') void exportView(data.format, app.shown, bar.time).then(post);
  else {
    app.receive(fromWire(data));
    // Of a busy host it has nearly a megabyte, ten times a second: left to the garbage collector, that has to look at all of
    // the panel every second.
    if (data.type === 'sample') data.counts.buffer.transfer(0);
  }
});
post({ type: 'ready' });
