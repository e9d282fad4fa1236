import type { Reference } from './pack';

const arrays = { Uint32Array, Float32Array, Float64Array };

/** A message with the memory of its typed arrays, to be handed on with it. */
export interface Unpacked {
  readonly message: { readonly type: string };
  readonly buffers: ArrayBuffer[];
}

/** Reads in a browser what `pack` has written, message by message, until the stream ends. */
export async function* unpack(
  stream: ReadableStream<Uint8Array> | null,
): AsyncGenerator<Unpacked, void, undefined> {
  const reader = stream?.getReader();
  let [pending, filled, isHead] = [new Uint8Array(4), 0, true];
  for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
    for (let at = 0; at < chunk.value.length;) {
      const part = chunk.value.subarray(at, at + pending.length - filled);
      pending.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < pending.length) continue;
      if (!isHead) yield read(pending);
      const length = isHead ? new DataView(pending.buffer).getUint32(0, true) : 4;
      [pending, filled, isHead] = [new Uint8Array(length), 0, !isHead];
    }
  }
}

function read(bytes: Uint8Array<ArrayBuffer>): Unpacked {
  const numbers = new DataView(bytes.buffer);
  const count = numbers.getUint32(4, true);
  let at = 8 + 4 * count;
  const take = (length: number) => bytes.buffer.slice(at, (at += length));
  const json = new TextDecoder().decode(take(numbers.getUint32(0, true)));
  const buffers = Array.from({ length: count }, (_, place) => take(numbers.getUint32(8 + 4 * place, true)));
  const message = JSON.parse(json, (_, value: Partial<Reference> | null) => {
    const buffer = buffers[value?.$array ?? -1];
    return buffer && value?.type ? new arrays[value.type](buffer) : value;
  }) as Unpacked['message'];
  return { message, buffers };
}
