import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { Secrets } from '../../../src/hosts/secrets';
import type { Binaries } from '../../../src/loader/binaries';
import { Problem } from '../../../src/problem';
import type { ToPanel } from '../../../shared/messages/panel';
import type { TraceContext } from '../../../src/trace/context';
import { Trace } from '../../../src/trace/trace';

/** This machine's own shell as the host, with a few programs in front that make it a host of another kind. */
export interface ScriptedHost {
  /** A file in a folder that each test has anew; programs are in its `bin`, the loader's files below its `cache`. */
  path(...parts: string[]): string;
  program(name: string, script: string): Promise<void>;
}

/** Gives every test of a file such a host: Linux on x86_64, whose account is root. */
export function scriptedHost(): ScriptedHost {
  let folder: string;
  const path = (...parts: string[]) => join(folder, ...parts);
  const program = async (name: string, script: string) => {
    await writeFile(path('bin', name), `#!/bin/sh\n${script}\n`);
    await chmod(path('bin', name), 0o755);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rps-trace-start-'));
    await mkdir(path('bin'));
    vi.stubEnv('PATH', `${path('bin')}:${String(process.env['PATH'])}`);
    vi.stubEnv('XDG_CACHE_HOME', path('cache'));
    await program('uname', 'case $1 in -s) echo Linux;; -m) echo x86_64;; esac');
    await program('id', 'echo 0');
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  return { path, program };
}

export const HELLO =
  '{"type":"hello","protocol":1,"loader":"0","pid":1,"backend":"fexit","kernel":"6","arch":"x86_64","interval_ms":1000,"cpus":[{"id":0,"node":0,"online":true}]}';
export const END = '{"type":"end","reason":"stdin closed","ns":2,"rows":[],"missed":0,"lost":0}';

/** A shell script in the loader's place. */
export function binaries(script: string): Binaries {
  const bytes = Buffer.from(`#!/bin/sh\n${script}\n`);
  const binary = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  return { x86_64: binary, aarch64: binary };
}

/** A trace of this machine by such a loader, what it told, and what it asked. */
export interface Scripted {
  readonly trace: Trace;
  readonly messages: ToPanel[];
  readonly asked: string[];
}

/** What a trace needs; secrets are answered with `passwords`, one after the other, and undefined cancels. */
export function contextOf(
  script: string,
  passwords: (string | undefined)[] = [],
  asked: string[] = [],
): TraceContext {
  return {
    prompts: {
      secret: ({ detail }: { detail: string }) => {
        asked.push(detail);
        return Promise.resolve(passwords.shift());
      },
      acceptHostKey: () => Promise.resolve(false),
    },
    secrets: new Secrets(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    binaries: () => Promise.resolve(binaries(script)),
    intervalMs: () => 1000,
  };
}

export function traceOf(
  script: string,
  passwords: (string | undefined)[] = [],
  more: Pick<TraceContext, 'scope' | 'btf'> = {},
): Scripted {
  const messages: ToPanel[] = [];
  const asked: string[] = [];
  const context = { ...contextOf(script, passwords, asked), ...more };
  const trace = new Trace({ kind: 'local' }, 'here', context, (message) => messages.push(message));
  return { trace, messages, asked };
}

/** The problem with which the start of a trace by this script fails. */
export async function problemOf(script: string): Promise<Problem> {
  const error: unknown = await traceOf(script)
    .trace.start(new AbortController().signal)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) throw new Error(`no Problem, but ${String(error)}`);
  return error;
}

/** For what nobody cancels. */
export const never = new AbortController().signal;
/** A loader that begins and ends as it should. */
export const WELL = `echo '${HELLO}'; cat >/dev/null; echo '${END}'`;
