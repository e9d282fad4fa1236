const arrays = { Uint32Array, Float32Array, Float64Array };
type Packed = InstanceType<(typeof arrays)[keyof typeof arrays]>;

/** What stands in the JSON for an array. */
export interface Reference {
  /** Its place among the arrays. */
  readonly $array: number;
  readonly type: keyof typeof arrays;
}

const typeOf = (value: unknown) =>
  (Object.keys(arrays) as (keyof typeof arrays)[]).find((type) => value instanceof arrays[type]);

/**
 * A message in the form in which VS Code brings it to a webview: JSON, and the bytes of its typed arrays beside it
 * (microsoft/vscode, src/vs/workbench/api/common/extHostWebviewMessaging.ts). As 32-bit numbers, then bytes: the length of
 * all that follows the first number, that of the JSON, how many arrays there are, the length of each; the JSON; the arrays.
 */
export function pack(message: unknown): Buffer[] {
  const found: Packed[] = [];
  const json = JSON.stringify(message, (_, value: unknown) => {
    const type = typeOf(value);
    return type === undefined ? value : { $array: found.push(value as Packed) - 1, type };
  });
  const bytes = found.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const text = Buffer.from(json);
  const head = Uint32Array.of(0, text.length, bytes.length, ...bytes.map(({ length }) => length));
  head[0] = head.byteLength - 4 + text.length + bytes.reduce((sum, { length }) => sum + length, 0);
  return [Buffer.from(head.buffer), text, ...bytes];
}
