import { symlink } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../scripts/run';
import type { ProblemText } from '../../../shared/messages/panel';
import { never, scriptedHost, traceOf, WELL } from './scriptedHost';

const host = scriptedHost();

describe('becoming root without sudo', () => {
  /** Only these programs are on the host, and what a test adds. */
  beforeEach(async () => {
    await host.program('id', 'echo 1000');
    for (const tool of ['sh', 'cat', 'mkdir', 'chmod', 'rm', 'mv', 'ls', 'cut', 'dd', 'sha256sum']) {
      const path = await run('sh', ['-c', `command -v ${tool}`]);
      await symlink(path.trim(), host.path('bin', tool));
    }
    await host.program('true', 'exit 0');
    vi.stubEnv('PATH', host.path('bin'));
    // Who runs the tests may be root, and then has every capability.
    await host.program('sed', 'echo 0000000000000000');
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
    await host.program('doas', '[ "$1" = -n ] || exit 1; shift; [ "$1" = -- ] && shift; exec "$@"');
    const { trace } = traceOf(WELL);
    await trace.start(never);
    await trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopped' });
  });

  it.each([
    ['Authentication required', 'SUDO_NEEDS_TTY', /nopass/],
    ['Operation not permitted', 'SUDO_NOT_ALLOWED', /doas\.conf/],
  ])('is refused by doas that says: %s', async (said, code, hint) => {
    await host.program('doas', `echo 'doas: ${said}' >&2; exit 1`);
    await startsUnprivileged({ code, hint: expect.stringMatching(hint) as string });
  });

  it('is not needed where the account has the capabilities', async () => {
    await host.program('sed', 'echo 000000c000000000');
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
while [ $# -gt 0 ]; do case $1 in -n) exit 1;; --) shift; break;; *) shift;; esac; done
for i in 1 2 3; do
  printf %s "$SUDO_PROMPT" >&2; IFS= read -r password || exit 1
  [ "$password" = right ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
echo 'sudo: 3 incorrect password attempts' >&2; exit 1`;

  beforeEach(async () => {
    await host.program('id', 'echo 1000');
    // Who runs the tests may be root, and then has every capability.
    await host.program('sed', 'echo 0000000000000000');
    await host.program('sudo', askThreeTimes);
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
