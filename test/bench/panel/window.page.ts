import type { Reference } from './pack';

// Runs in the page around all, VS Code's window: reads packed messages from `/to`, hands them to the frame that the panel is
// in, and posts to `/from` what that says.

const arrays = { Uint32Array, Float32Array, Float64Array };
let frame: HTMLIFrameElement | undefined;
let port: MessagePort | undefined;

window.addEventListener('message', ({ source, ports }) => {
  if (source !== frame?.contentWindow) return;
  port = ports[0];
  if (port)
    port.onmessage = ({ data }) => void fetch('/from', { method: 'POST', body: JSON.stringify(data) });
});

function deliver(bytes: Uint8Array<ArrayBuffer>): void {
  const numbers = new DataView(bytes.buffer);
  const count = numbers.getUint32(4, true);
  let at = 8 + 4 * count;
  const take = (length: number) => bytes.buffer.slice(at, (at += length));
  const json = new TextDecoder().decode(take(numbers.getUint32(0, true)));
  const buffers = Array.from({ length: count }, (_, place) => take(numbers.getUint32(8 + 4 * place, true)));
  const message = JSON.parse(json, (_, value: Partial<Reference> | null) => {
    const buffer = buffers[value?.$array ?? -1];
    return buffer && value?.type ? new arrays[value.type](buffer) : value;
  }) as { type: string; url?: string };
  if (message.type === 'open') open(message.url ?? '');
  else port?.postMessage({ message, transfer: buffers }, buffers);
}

/** Closes the panel, and opens it anew. */
function open(url: string): void {
  frame?.remove();
  port = undefined;
  frame = document.createElement('iframe');
  frame.src = url;
  document.body.append(frame);
}

const reader = (await fetch('/to')).body?.getReader();
let [pending, filled, isHead] = [new Uint8Array(4), 0, true];
for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
  for (let at = 0; at < chunk.value.length;) {
    const part = chunk.value.subarray(at, at + pending.length - filled);
    pending.set(part, filled);
    at += part.length;
    filled += part.length;
    if (filled < pending.length) continue;
    if (!isHead) deliver(pending);
    const length = isHead ? new DataView(pending.buffer).getUint32(0, true) : 4;
    [pending, filled, isHead] = [new Uint8Array(length), 0, !isHead];
  }
}

export {};
