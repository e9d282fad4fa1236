import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder that a webview may load from. */
export function webviewFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/** The HTML around the built webview: nothing inline, nothing from elsewhere, one script by its nonce. */
export function page(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder(extension), name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // Pictures that the page itself has drawn, on their way into a PNG.
    `img-src data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>RPS Trace</title>
  <link rel="stylesheet" href="${file('main.css')}">
</head>
<body>
  <div id="app"></div>
  <script nonce="${nonce}" src="${file('main.js')}"></script>
</body>
</html>`;
}
