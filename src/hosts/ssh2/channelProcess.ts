import { Writable, type Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { Exit, Process } from '../connection';

/** Makes a Process of an SSH channel on which a command was started. */
export function channelProcess(channel: ClientChannel): Process {
  let exit: Exit = { kind: 'lost' };
  channel.once('exit', (code: number | null, signal?: string) => {
    exit = code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'code', code };
  });
  const stdin = new ChannelStdin(channel);
  // ssh2 emits `close` after stdout has ended.
  const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
  const ended = (stream: Readable) => new Promise<void>((resolve) => stream.once('end', () => resolve()));
  const gone = Promise.all([closed, ended(channel.stderr)]).then(() => exit);
  return { stdin, stdout: channel, stderr: channel.stderr, exit: gone };
}

/**
 * The channel's input. ssh2 swallows what is written to a channel that has closed, callback included; this behaves
 * like the stdin of a child process.
 */
class ChannelStdin extends Writable {
  constructor(private readonly channel: ClientChannel) {
    super();
    channel.once('close', () => this.destroy());
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.channel.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.channel.writableEnded) this.channel.end();
    done(error);
  }
}
