import type { FromPanel, ToPanel } from '../src/protocol/panel';
import { App } from './app';

const vscode = acquireVsCodeApi();
const post = (message: FromPanel) => vscode.postMessage(message);

const root = document.getElementById('app');
if (!root) throw new Error('The page has no element #app.');

const app = new App(root, {
  run: (command) => post({ type: 'command', command }),
  show: (host) => post({ type: 'show', host }),
  keep: (state) => vscode.setState(state),
  kept: () => vscode.getState(),
});

// Only VS Code can post to a webview's page, and the extension host makes these messages from validated frames.
window.addEventListener('message', (event: MessageEvent<ToPanel>) => app.receive(event.data));
post({ type: 'ready' });
