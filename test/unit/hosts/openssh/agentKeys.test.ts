import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agentKeyTypes } from '../../../../src/hosts/openssh/agentKeys';

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-agent-'));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** An agent that answers every request with these chunks, and then closes if told so. */
async function agent(chunks: readonly Buffer[], closes = false): Promise<string> {
  const path = join(folder, 'agent');
  server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        chunks.forEach((chunk, place) => setTimeout(() => socket.write(chunk), 20 * place));
        if (closes) setTimeout(() => socket.end(), 20 * chunks.length);
      });
  }).listen(path);
  await once(server, 'listening');
  return path;
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (bytes: Buffer) => Buffer.concat([uint32(bytes.length), bytes]);
const answer = (type: number, body: Buffer) => string(Buffer.concat([Buffer.from([type]), body]));
const key = (type: string) =>
  Buffer.concat([
    string(Buffer.concat([string(Buffer.from(type)), Buffer.alloc(9)])),
    string(Buffer.from('x')),
  ]);
const two = Buffer.concat([uint32(2), key('ssh-ed25519'), key('sk-ssh-ed25519@openssh.com')]);

it('names every key, one that comes in pieces too', async () => {
  const whole = answer(12, two);
  const path = await agent([whole.subarray(0, 3), whole.subarray(3, 40), whole.subarray(40)]);
  expect(await agentKeyTypes(path)).toEqual(['ssh-ed25519', 'sk-ssh-ed25519@openssh.com']);
});

it.each([
  ['refuses', [answer(5, Buffer.alloc(0))], []],
  ['says nothing and hangs up', [], []],
  ['counts more keys than it tells', [answer(12, Buffer.concat([uint32(9), key('ssh-rsa')]))], ['ssh-rsa']],
  ['says that its answer is endless', [uint32(0xffffffff), Buffer.alloc(300_000)], []],
])('makes do with an agent that %s', async (_what, chunks, types) => {
  expect(await agentKeyTypes(await agent(chunks, true))).toEqual(types);
});

it('makes do without an agent', async () => {
  expect(await agentKeyTypes(join(folder, 'none'))).toEqual([]);
});
