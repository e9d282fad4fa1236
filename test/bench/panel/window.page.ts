import { unpack } from './unpack';

// Runs in the page around all, VS Code's window: reads packed messages from `/to`, hands them to the frame that the panel is
// in, and posts to `/from` what that says.

let frame: HTMLIFrameElement | undefined;
let port: MessagePort | undefined;

window.addEventListener('message', ({ source, ports }) => {
  if (source !== frame?.contentWindow) return;
  port = ports[0];
  if (port)
    port.onmessage = ({ data }) => void fetch('/from', { method: 'POST', body: JSON.stringify(data) });
});

/** Closes the panel, and opens it anew. */
function open(url: string): void {
  frame?.remove();
  port = undefined;
  frame = document.createElement('iframe');
  frame.src = url;
  document.body.append(frame);
}

for await (const { message, buffers } of unpack((await fetch('/to')).body)) {
  if ('url' in message && message.type === 'open') open(String(message.url));
  else port?.postMessage({ message, transfer: buffers }, buffers);
}
