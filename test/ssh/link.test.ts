import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Link } from './link';

let server: Server;
let link: Link;
/** The end where a connection begins, and the server's. */
let near: Socket;
let far: Socket;

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = await Link.open((server.address() as AddressInfo).port);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  near = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  [far] = await accepted;
});
afterEach(() => {
  near.destroy();
  far.destroy();
  link.close();
  server.close();
});

/** Writes a text and waits until the link has it, so that the next one is a chunk of its own. */
async function send(text: string): Promise<void> {
  near.write(text);
  await sleep(20);
}

/** Everything up to the end of one direction; the other one stays open. */
async function received(end: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of end.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

it('keeps the order of bytes when the delay goes down', async () => {
  const all = received(far);
  for (const delayMs of [300, 100, 50, 0]) {
    link.delayMs = delayMs;
    await send(`after ${delayMs} ms;`);
  }
  near.end();
  expect((await all).toString()).toBe('after 300 ms;after 100 ms;after 50 ms;after 0 ms;');
});

it('keeps the order of bytes when the bandwidth goes up', async () => {
  const all = received(far);
  const sent = Buffer.alloc(20_000, 'abcdefg');
  link.bytesPerSecond = 50_000;
  near.write(sent.subarray(0, 15_000));
  await sleep(50);
  link.bytesPerSecond = Infinity;
  near.end(sent.subarray(15_000));
  expect((await all).equals(sent)).toBe(true);
});

it('has everything arrive that was sent before the end', async () => {
  link.delayMs = 200;
  const all = received(far);
  near.end('the last words');
  expect((await all).toString()).toBe('the last words');
});

it('ends one direction alone, so that an answer to the end still arrives', async () => {
  link.delayMs = 50;
  const all = received(near);
  near.end('question');
  expect((await received(far)).toString()).toBe('question');
  far.end('answer');
  expect((await all).toString()).toBe('answer');
});

it('has a reset arrive after what was sent before it', async () => {
  link.delayMs = 100;
  const events: string[] = [];
  far.on('data', (chunk: Buffer) => events.push(chunk.toString()));
  far.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? ''));
  await send('said');
  near.resetAndDestroy();
  await new Promise((resolve) => far.once('close', resolve));
  expect(events).toEqual(['said', 'ECONNRESET']);
});

it('has the sender wait for a receiver that does not read', async () => {
  link.delayMs = 20;
  const sent = Buffer.alloc(64 * 1024 * 1024);
  near.end(sent);
  for (let still = 0, seen = -1; still < 20; still++) {
    await sleep(20);
    if (seen !== near.bytesRead + far.bytesRead + near.writableLength) still = 0;
    seen = near.bytesRead + far.bytesRead + near.writableLength;
  }
  expect(near.writableLength).toBeGreaterThan(0);
  expect((await received(far)).length).toBe(sent.length);
});

it('resets both ends when it is cut, and loses what is under way', async () => {
  link.delayMs = 10_000;
  const ends = [near, far].map(async (end) => {
    const [error] = (await once(end, 'error')) as [NodeJS.ErrnoException];
    return error.code;
  });
  far.resume();
  near.resume();
  await send('lost');
  link.cut();
  expect(await Promise.all(ends)).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect(far.bytesRead).toBe(0);
});
