import type { Readable } from 'node:stream';
import { Problem } from '../problem';
import { abortable, throwIfAborted } from './abort';
import type { Connection, Exit } from './connection';

/** Most that `execText` takes of a program's stdout, and of its stderr, unless told otherwise; bytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * Quotes a text so that a shell takes it as one word, unchanged. It holds in sh, and in the login shells that are not
 * like it: fish knows `\\` and `\'` inside single quotes, csh knows `!` there, so these three stand outside of them.
 * A newline cannot be quoted for csh: send a text with several lines through stdin (`sh -s`).
 */
export function quote(text: string): string {
  return `'${text.replace(/['\\!]/g, (character) => `'\\${character}'`)}'`;
}

/** A program's answer, whole. */
export interface Answer {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecTextOptions {
  /** What goes to the program's stdin before it is closed. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Most bytes taken from each of stdout and stderr; 1 MiB without it. */
  readonly maxBytes?: number;
}

/**
 * Runs a command to its end and returns what it printed, decoded as UTF-8.
 * @throws Problem HOST_ANSWER when it prints more than `maxBytes`, CONNECTION_LOST; Cancelled
 */
export async function execText(
  connection: Connection,
  command: string,
  { input = '', signal, maxBytes = MOST_BYTES }: ExecTextOptions = {},
): Promise<Answer> {
  const stop = new AbortController();
  const ends = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const process = await connection.exec(command, ends);
  const tooMuch = () => {
    const message = `A program on ${connection.label} printed more than ${maxBytes} bytes where a short answer was expected.`;
    stop.abort(new Problem('HOST_ANSWER', message, 'Look at what the login shell and its rc files print.'));
  };
  const stdout = collect(process.stdout, maxBytes, tooMuch);
  const stderr = collect(process.stderr, maxBytes, tooMuch);
  // A program that ends without reading its input is judged by its exit, not by the broken pipe.
  process.stdin.on('error', () => undefined);
  process.stdin.end(input);
  const exit = await abortable(process.exit, ends);
  throwIfAborted(ends);
  if (exit.kind === 'lost') {
    const message = `The connection to ${connection.label} was lost.`;
    throw new Problem('CONNECTION_LOST', message, 'Start again when the host can be reached.');
  }
  return { exit, stdout: stdout(), stderr: stderr() };
}

function collect(stream: Readable, maxBytes: number, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
