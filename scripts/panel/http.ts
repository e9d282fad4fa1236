import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes that the body of a request may have. */
const MAX_BODY = 1 << 20;

/** Answers with a text or a file, which no cache keeps. */
export function serve(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Cache-Control', 'no-store');
  response.end(body);
}

/** Answers with a status and nothing else. */
export function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** The body of a request as text; undefined when it is longer than `MAX_BODY`. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
