import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../scripts/run';
import { localConnection } from '../../../src/hosts/local';
import { Secrets } from '../../../src/hosts/secrets';
import type { Binaries } from '../../../src/loader/binaries';
import { cleanUp } from '../../../src/loader/cleanUp';
import { Problem } from '../../../src/problem';
import type { ProblemText, ToPanel } from '../../../src/protocol/panel';
import { everything } from '../../../src/protocol/scope';
import { Trace, type TraceContext } from '../../../src/trace/trace';

/** This machine's own shell as the host, with a few programs in front that make it a host of another kind. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-start-'));
  await mkdir(join(folder, 'bin'));
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${String(process.env['PATH'])}`);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  await program('uname', 'case $1 in -s) echo Linux;; -m) echo x86_64;; esac');
  await program('id', 'echo 0');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function program(name: string, script: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const HELLO =
  '{"type":"hello","protocol":1,"loader":"0","pid":1,"backend":"fexit","kernel":"6","arch":"x86_64","interval_ms":1000,"cpus":[{"id":0,"node":0,"online":true}]}';
const END = '{"type":"end","reason":"stdin closed","ns":2,"rows":[],"missed":0,"lost":0}';

/** A shell script in the loader's place. */
function binaries(script: string): Binaries {
  const bytes = Buffer.from(`#!/bin/sh\n${script}\n`);
  const binary = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  return { x86_64: binary, aarch64: binary };
}

interface Scripted {
  readonly trace: Trace;
  readonly messages: ToPanel[];
  readonly asked: string[];
}

function traceOf(
  script: string,
  passwords: (string | undefined)[] = [],
  more: Pick<TraceContext, 'scope' | 'btf'> = {},
): Scripted {
  const messages: ToPanel[] = [];
  const asked: string[] = [];
  const context = {
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
    ...more,
  };
  const trace = new Trace({ kind: 'local' }, 'here', context, (message) => messages.push(message));
  return { trace, messages, asked };
}

async function problemOf(script: string): Promise<Problem> {
  const error: unknown = await traceOf(script)
    .trace.start(new AbortController().signal)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) throw new Error(`no Problem, but ${String(error)}`);
  return error;
}

const never = new AbortController().signal;
const WELL = `echo '${HELLO}'; cat >/dev/null; echo '${END}'`;

describe('starting the loader on a host', () => {
  it('puts it into a folder closed to others, under the name of its content, and only once', async () => {
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const cache = join(folder, 'cache', 'rps-trace');
    const name = `rpstrace-${binaries(WELL).x86_64.sha256}`;
    expect(await readdir(cache)).toEqual([name]);
    const first = await stat(join(cache, name));
    expect(first.mode & 0o777).toBe(0o700);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    await trace.start(never);
    await trace.stop();
    expect((await stat(join(cache, name))).ino).toBe(first.ino);
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });

  it('replaces what somebody changed, and removes other versions and what cut connections left', async () => {
    const cache = join(folder, 'cache', 'rps-trace');
    const name = `rpstrace-${binaries(WELL).x86_64.sha256}`;
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, name), '#!/bin/sh\necho evil\n', { mode: 0o700 });
    await writeFile(join(cache, 'rpstrace-0123'), '', { mode: 0o700 });
    await writeFile(join(cache, 'upload.old'), '');
    await writeFile(join(cache, 'upload.new'), '');
    const yesterday = Date.now() / 1000 - 86_400;
    await utimes(join(cache, 'upload.old'), yesterday, yesterday);
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect((await readdir(cache)).sort()).toEqual([name, 'upload.new']);
  });

  it('says that a host is not Linux', async () => {
    await program('uname', 'echo Darwin');
    expect(await problemOf(WELL)).toMatchObject({ code: 'NOT_LINUX' });
  });

  it('says for which architectures there is a loader', async () => {
    await program('uname', 'case $1 in -s) echo Linux;; -m) echo riscv64;; esac');
    const problem = await problemOf(WELL);
    expect(problem).toMatchObject({ code: 'ARCH_UNKNOWN' });
    expect(`${problem.message} ${problem.hint}`).toMatch(/riscv64.*x86_64 and aarch64/);
  });

  it('refuses a loader that arrived damaged, and leaves nothing of it', async () => {
    await program('sha256sum', 'echo "0000  $1"');
    expect(await problemOf(WELL)).toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(await readdir(join(folder, 'cache', 'rps-trace'))).toEqual([]);
  });

  it('hands on what the loader says is wrong', async () => {
    const error = '{"type":"error","code":"NO_BTF","stage":"load","message":"no BTF","hint":"use --btf"}';
    const problem = await problemOf(`echo '${error}'; exit 1`);
    expect(problem).toMatchObject({ code: 'LOADER_FAILED', message: 'no BTF', hint: 'use --btf' });
  });

  it('tells how a loader died that said nothing', async () => {
    const problem = await problemOf('echo "Illegal instruction" >&2; exit 132');
    expect(problem).toMatchObject({ code: 'LOADER_DIED' });
    expect(problem.message).toMatch(/132.*Illegal instruction/);
  });

  it('gives up on garbage instead of frames', async () => {
    const problem = await problemOf('i=0; while [ $i -lt 50 ]; do echo Last login; i=$((i+1)); done; cat');
    expect(problem).toMatchObject({ code: 'PROTOCOL' });
  });

  it('refuses a loader of another protocol', async () => {
    const problem = await problemOf(`echo '${HELLO.replace('"protocol":1', '"protocol":2')}'; cat`);
    expect(problem).toMatchObject({ code: 'PROTOCOL' });
  });

  it('counts garbage between frames and goes on', async () => {
    const { trace, messages } = traceOf(`echo '${HELLO}'; echo what; cat >/dev/null; echo '${END}'`);
    await trace.start(never);
    await vi.waitFor(() => {
      const told = messages.flatMap((message) =>
        message.type === 'health' ? [message.health.badLines] : [],
      );
      expect(told).toContain(1);
    });
    await trace.stop();
    expect(trace.state.kind).toBe('stopped');
  });

  it('notices that the loader dies later, and can start again', async () => {
    const { trace } = traceOf(`echo '${HELLO}'; [ -e ${join(folder, 'again')} ] && cat; exit 3`);
    await trace.start(never);
    await vi.waitFor(() => expect(trace.state).toMatchObject({ kind: 'failed', code: 'LOADER_DIED' }));
    await writeFile(join(folder, 'again'), '');
    await trace.start(never);
    expect(trace.state.kind).toBe('tracing');
    await trace.stop();
  });

  it('can be cancelled while it waits', async () => {
    const { trace } = traceOf('cat');
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 500);
    await expect(trace.start(cancel.signal)).rejects.toThrow('cancelled');
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });
});

describe('what is to be counted', () => {
  const ARGUMENTS = `printf '%s\\n' "$@" >>"\${0%/*}/../arguments"`;
  const told = async () => (await readFile(join(folder, 'cache/arguments'), 'utf8')).split('\n');

  it('goes to the loader word by word, whatever is in it', async () => {
    const scope = {
      filter: `tcp port 80 and not host $(reboot) \`id\` "a" 'b' \\ ; & | > /tmp/x\n#`,
      interfaces: ['eth0', `v';$(id)`],
      netns: 'blue $HOME',
    };
    const { trace } = traceOf(`${ARGUMENTS}\n${WELL}`, [], { scope: () => scope });
    await trace.start(never);
    await trace.stop();
    expect((await told()).slice(-5)).toEqual([
      `--filter=${scope.filter.replace('\n', ' ')}`,
      '--interface=eth0',
      `--interface=v';$(id)`,
      '--netns=blue $HOME',
      '',
    ]);
  });

  it('may change: the loader starts again on the same connection, and counts from 0', async () => {
    let scope = everything;
    const SAMPLE = '{"type":"sample","seq":0,"ns":1,"rows":[[1,1,0,0,1,"map",5,5,500,7]]}';
    const script = `${ARGUMENTS}\necho '${HELLO}'; echo '${SAMPLE}'; cat >/dev/null; echo '${END}'`;
    const { trace, messages } = traceOf(script, [], { scope: () => scope });
    await trace.start(never);
    scope = { ...everything, filter: 'udp' };
    await trace.rescope(never);
    expect(trace.state.kind).toBe('tracing');
    expect(await told()).toContain('--filter=udp');
    const filters = messages.flatMap((message) =>
      message.type === 'snapshot' ? [message.scope.filter] : [],
    );
    expect(filters).toEqual(['', 'udp']);
    const added = () => messages.flatMap((message) => (message.type === 'sample' ? message.added : []));
    await vi.waitFor(() => expect(added().length).toBe(2));
    const steps = messages.flatMap((message) =>
      message.type === 'state' && message.state.kind === 'connecting' ? [message.state.step] : [],
    );
    const again = steps.findIndex((step) => step.startsWith('Starting again'));
    expect(steps.slice(again)).toEqual([
      'Starting again on here',
      expect.stringContaining('Starting the loader'),
    ]);
    const runs = (await told()).length;
    await trace.rescope(never);
    expect((await told()).length).toBe(runs);
    await trace.stop();
    expect(trace.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining('on request') as string,
    });
  });

  it('may change to something that the loader refuses, and is told in the words of libpcap', async () => {
    let scope = everything;
    const error =
      '{"type":"error","code":"FILTER_SYNTAX","stage":"options","message":"illegal port","hint":"see pcap-filter(7)"}';
    const script = `case "$*" in *port*) echo '${error}'; exit 1;; esac\n${WELL}`;
    const { trace } = traceOf(script, [], { scope: () => scope });
    await trace.start(never);
    expect(await trace.refusal('port 1', never)).toMatchObject({
      code: 'FILTER_REFUSED',
      message: 'illegal port',
    });
    expect(await trace.refusal('udp', never)).toBeUndefined();
    scope = { ...everything, filter: 'port 1' };
    await expect(trace.rescope(never)).rejects.toMatchObject({ code: 'FILTER_REFUSED' });
    expect(trace.state).toMatchObject({ kind: 'failed', code: 'FILTER_REFUSED', message: 'illegal port' });
  });

  it('may change while the trace is stopped: it holds from the next start on', async () => {
    let scope = everything;
    const { trace, messages } = traceOf(`${ARGUMENTS}\n${WELL}`, [], { scope: () => scope });
    scope = { ...everything, filter: 'arp' };
    await trace.rescope(never);
    expect(messages).toEqual([{ type: 'scope', scope }]);
    await trace.start(never);
    await trace.stop();
    expect(await told()).toContain('--filter=arp');
  });

  it.each([
    [{ interfaces: ['a/b'] }, /"a\/b"/],
    [{ interfaces: ['sixteen_letters_'] }, /sixteen/],
    [{ interfaces: Array.from({ length: 65 }, (_, i) => `v${i}`) }, /65.*64/],
    [{ netns: 'a\nb' }, /network namespace/],
  ])('cannot be %j', async (part, message) => {
    const { trace } = traceOf(WELL, [], { scope: () => ({ ...everything, ...part }) });
    const started = trace.start(never);
    await expect(started).rejects.toMatchObject({ code: 'SCOPE_INVALID' });
    await expect(started).rejects.toThrow(message);
  });
});

describe('the types of a kernel', () => {
  const ARGUMENTS = `printf '%s\\n' "$@" >"\${0%/*}/../arguments"`;
  const cache = () => join(folder, 'cache', 'rps-trace');

  it('go to a host whose kernel does not tell them, once, under the name of their content', async () => {
    const file = join(folder, 'types.btf');
    await writeFile(file, 'types');
    // The shell's test for the kernel's own file fails on a host without it.
    const hasTypes = await stat('/sys/kernel/btf/vmlinux').catch(() => undefined);
    const { trace } = traceOf(`${ARGUMENTS}\n${WELL}`, [], { btf: () => file });
    await trace.start(never);
    await trace.stop();
    const name = `btf-${createHash('sha256').update('types').digest('hex')}`;
    const told = await readFile(join(folder, 'cache/arguments'), 'utf8');
    if (hasTypes) {
      expect(told).not.toContain('--btf');
      return;
    }
    expect(told).toContain(`--btf\n${join(cache(), name)}\n`);
    const first = await stat(join(cache(), name));
    expect(first.mode & 0o777).toBe(0o700);
    await trace.start(never);
    await trace.stop();
    expect((await stat(join(cache(), name))).ino).toBe(first.ino);
    const connection = localConnection();
    expect(await cleanUp(connection, never)).toContain(join(cache(), name));
    connection.dispose();
  });

  it('that cannot be read are told before anything is done', async () => {
    const { trace } = traceOf(WELL, [], { btf: () => join(folder, 'none') });
    await expect(trace.start(never)).rejects.toMatchObject({ code: 'BTF_FILE' });
    expect(await readdir(folder)).not.toContain('cache');
  });
});

describe('a host without a tool for SHA-256', () => {
  beforeEach(async () => {
    for (const name of ['sha256sum', 'shasum', 'openssl']) await program(name, 'exit 127');
  });

  it('sends the loader back to be verified, and takes it again at the next start', async () => {
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const file = join(folder, 'cache', 'rps-trace', `rpstrace-${binaries(WELL).x86_64.sha256}`);
    const first = await stat(file);
    await trace.start(never);
    await trace.stop();
    expect((await stat(file)).ino).toBe(first.ino);
    expect(trace.state.kind).toBe('stopped');
  });

  it('does not run what somebody changed', async () => {
    const cache = join(folder, 'cache', 'rps-trace');
    const file = join(cache, `rpstrace-${binaries(WELL).x86_64.sha256}`);
    await mkdir(cache, { recursive: true });
    await writeFile(file, '#!/bin/sh\necho evil\n', { mode: 0o700 });
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect(await readFile(file)).toEqual(Buffer.from(binaries(WELL).x86_64.bytes));
  });

  it('is not trusted with a loader that arrives damaged', async () => {
    await program('cat', 'if [ $# -gt 0 ]; then echo damaged; else exec /bin/cat; fi');
    expect(await problemOf(WELL)).toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(await readdir(join(folder, 'cache', 'rps-trace'))).toEqual([]);
  });
});

describe('cleaning up a host', () => {
  it('removes what was uploaded and tells what it was, and nothing that is somebody else’s', async () => {
    await program('id', 'echo 4711');
    await program('sudo', 'while [ "$1" != -- ]; do shift; [ $# -gt 0 ] || exit 0; done; shift; exec "$@"');
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    const cache = join(folder, 'cache', 'rps-trace');
    const file = join(cache, `rpstrace-${binaries(WELL).x86_64.sha256}`);
    const connection = localConnection();
    expect(await cleanUp(connection, never)).toEqual([file, cache]);
    expect(await cleanUp(connection, never)).toEqual([]);
    await mkdir(cache);
    await writeFile(join(cache, 'mine'), '');
    expect(await cleanUp(connection, never)).toEqual([]);
    expect(await readdir(cache)).toEqual(['mine']);
    connection.dispose();
  });
});

describe('becoming root without sudo', () => {
  /** Only these programs are on the host, and what a test adds. */
  beforeEach(async () => {
    await program('id', 'echo 1000');
    for (const tool of ['sh', 'cat', 'mkdir', 'chmod', 'rm', 'mv', 'cut', 'dd', 'sha256sum']) {
      const path = await run('sh', ['-c', `command -v ${tool}`]);
      await symlink(path.trim(), join(folder, 'bin', tool));
    }
    await program('true', 'exit 0');
    vi.stubEnv('PATH', join(folder, 'bin'));
    // Who runs the tests may be root, and then has every capability.
    await program('sed', 'echo 0000000000000000');
  });

  /** What may be read without root is read, and the panel is told why there is no more. */
  async function startsUnprivileged(why: Partial<ProblemText>): Promise<void> {
    const { trace } = traceOf(WELL);
    await trace.start(never);
    expect(trace.state).toMatchObject({ kind: 'tracing', unprivileged: why });
    await trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  }

  it('is done by doas where that asks nothing', async () => {
    await program('doas', '[ "$1" = -n ] || exit 1; shift; [ "$1" = -- ] && shift; exec "$@"');
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });

  it.each([
    ['Authentication required', 'SUDO_NEEDS_TTY', /nopass/],
    ['Operation not permitted', 'SUDO_NOT_ALLOWED', /doas\.conf/],
  ])('is refused by doas that says: %s', async (said, code, hint) => {
    await program('doas', `echo 'doas: ${said}' >&2; exit 1`);
    await startsUnprivileged({ code, hint: expect.stringMatching(hint) as string });
  });

  it('is not needed where the account has the capabilities', async () => {
    await program('sed', 'echo 000000c000000000');
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });

  it('is impossible where there is neither, and the person is told so', async () => {
    await startsUnprivileged({ code: 'SUDO_MISSING' });
  });
});

describe('becoming root by sudo', () => {
  const askThreeTimes = `
mark=
while [ $# -gt 0 ]; do case $1 in -n) exit 1;; -p) mark=$2; shift 2;; --) shift; break;; *) shift;; esac; done
for i in 1 2 3; do
  printf %s "$mark" >&2; IFS= read -r password || exit 1
  [ "$password" = right ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
echo 'sudo: 3 incorrect password attempts' >&2; exit 1`;

  beforeEach(async () => {
    await program('id', 'echo 1000');
    // Who runs the tests may be root, and then has every capability.
    await program('sed', 'echo 0000000000000000');
    await program('sudo', askThreeTimes);
  });

  it('asks for the password once and remembers it', async () => {
    const { trace, asked } = traceOf(WELL, ['right']);
    for (let i = 0; i < 2; i++) {
      await trace.start(never);
      await trace.stop();
    }
    expect(asked).toHaveLength(1);
    expect(trace.state.kind).toBe('stopped');
  });

  it('asks again after a wrong one, three times at most, and forgets them', async () => {
    const { trace, asked } = traceOf(WELL, ['a', 'b', 'c', 'right']);
    await expect(trace.start(never)).rejects.toMatchObject({ code: 'SUDO_PASSWORD_WRONG' });
    expect(asked).toHaveLength(3);
    expect(asked[1]).toMatch(/wrong/);
    await trace.start(never);
    expect(asked).toHaveLength(4);
    await trace.stop();
  });

  it('is over when the person cancels the prompt', async () => {
    const { trace } = traceOf(WELL, [undefined]);
    await expect(trace.start(never)).rejects.toThrow('cancelled');
    expect(trace.state.kind).toBe('stopped');
  });
});
