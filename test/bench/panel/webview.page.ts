// Runs in the page between VS Code's window and the panel's page, both in the panel's process: hands on what comes for the
// panel, which costs its main thread a second reading (microsoft/vscode, src/vs/workbench/contrib/webview/browser/pre/index.html).

interface Handed {
  readonly message: unknown;
  readonly transfer: ArrayBuffer[];
}

const { port1, port2 } = new MessageChannel();
const panel = document.createElement('iframe');
port1.onmessage = ({ data: { message, transfer } }: MessageEvent<Handed>) => {
  panel.contentWindow?.postMessage(message, window.origin, transfer);
};
Object.assign(window, { tell: (message: unknown) => port1.postMessage(message) });
window.parent.postMessage('ready', '*', [port2]);
panel.src = '/panel';
document.body.append(panel);

export {};
