import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAsRoot } from '../../scripts/run';
import type { ToPanel } from '../../shared/messages/panel';
import { failed, FaultyHost, start } from './faultyHost';
import { END, HELLO, IMPATIENT_SUDO, WELL } from './standIn';

/** Makes a fault of `cat` one of writing files. */
const UNLESS_FILE = '[ -f /proc/self/fd/1 ] || exec /bin/cat "$@"';

let host: FaultyHost;
beforeAll(async () => {
  host = await FaultyHost.create();
});
afterAll(() => host.end());

describe.each(['ssh2', 'openssh'] as const)(
  'over %s, a fault is named, leaves nothing, and the next start works:',
  (client) => {
    it('a loader that is killed', async () => {
      await host.has();
      const { trace } = host.traceOf(`echo '${HELLO}'; sleep 0.5; kill -KILL $$`, client);
      await start(trace);
      await failed(trace, 'LOADER_DIED', /ended (by|with status)/);
      await host.recovers(trace);
    });

    it('a disk that is full', async () => {
      await host.has({ cat: `${UNLESS_FILE}; head -c 10; echo "cat: No space left on device" >&2; exit 1` });
      const { trace } = host.traceOf(`# ${client} full\n${WELL}`, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        kind: 'failed',
        code: 'UPLOAD_FAILED',
        message: expect.stringMatching(/No space left/) as string,
      });
      await host.recovers(trace);
    });

    it('an upload that arrives damaged', async () => {
      await host.has({ cat: `${UNLESS_FILE}; head -c 10; exec /bin/cat >/dev/null` });
      const { trace } = host.traceOf(`# ${client} damaged\n${WELL}`, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        kind: 'failed',
        code: 'UPLOAD_FAILED',
        message: expect.stringMatching(/damaged/) as string,
      });
      await host.recovers(trace);
    });

    it('no tool for SHA-256, which is no fault to the person', async () => {
      await host.has({ sha256sum: 'exit 127', shasum: 'exit 127', openssl: 'exit 127' });
      const { trace } = host.traceOf(`# ${client} unhashed\n${WELL}`, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
      await host.recovers(trace);
    });

    it('a sudo that waits no longer', async () => {
      await host.has({ sudo: IMPATIENT_SUDO });
      host.person.answers = [new Promise(() => undefined)];
      const { trace } = host.traceOf(WELL, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        code: 'SUDO_PASSWORD_WRONG',
        message: expect.stringMatching(/wait any longer/) as string,
      });
      await host.recovers(trace);
    });

    it('10 MB of garbage instead of frames', async () => {
      await host.has();
      const { trace } = host.traceOf('head -c 10000000 /dev/urandom; cat', client);
      await start(trace);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'PROTOCOL' });
      await host.recovers(trace);
    });

    it('a frame cut within a character, which is no fault to the person', async () => {
      await host.has();
      const device = '{"type":"devices","devices":[{"netns":1,"ifindex":2,"name":"gr';
      const cut = `printf '%s\\303' '${device}'; sleep 0.3; printf '\\274n","queues":[]}]}\\n'`;
      const { trace, messages } = host.traceOf(
        `echo '${HELLO}'; ${cut}; cat >/dev/null; echo '${END}'`,
        client,
      );
      await start(trace);
      await expect.poll(() => names(messages)).toContain('grün');
      await trace.stop();
      await host.recovers(trace);
    });

    it('a flood on stderr, which is no fault to the person', async () => {
      await host.has();
      const flood = 'head -c 10000000 /dev/zero | tr "\\0" x >&2';
      const { trace } = host.traceOf(`echo '${HELLO}'; ${flood}; cat >/dev/null; echo '${END}'`, client);
      await start(trace);
      await trace.stop();
      expect(trace.state).toMatchObject({ kind: 'stopped' });
      await host.recovers(trace);
    });

    it('a clock that jumps, which gives no rate that is none', async () => {
      await host.has();
      const sample = (seq: number, ns: number) =>
        `echo '{"type":"sample","seq":${seq},"ns":${ns},"rows":[[1,2,0,0,1,"map",${seq + 1},1,1,7]]}'`;
      const samples = [sample(0, 5e12), sample(1, 1e9), sample(2, 1e9), sample(3, 9e15)].join('; ');
      const { trace, messages } = host.traceOf(
        `echo '${HELLO}'; ${samples}; cat >/dev/null; echo '${END}'`,
        client,
      );
      await start(trace);
      const counted = () => messages.filter((message) => message.type === 'sample');
      await expect.poll(() => counted().length).toBeGreaterThanOrEqual(4);
      const rates = counted().flatMap(({ counts, interval }) =>
        Array.from(counts, (count) => count / (interval?.seconds ?? 1)),
      );
      expect(rates.filter((rate) => !(rate >= 0 && Number.isFinite(rate)))).toEqual([]);
      await trace.stop();
      await host.recovers(trace);
    });
  },
);

it('a loader that does not leave, which Stop says', async () => {
  await host.has();
  const { trace } = host.traceOf(`echo '${HELLO}'; exec sleep 7`, 'ssh2');
  await start(trace);
  await trace.stop();
  expect(trace.state).toMatchObject({
    kind: 'failed',
    code: 'LOADER_STUCK',
    message: expect.stringMatching(/told to leave and did not confirm/) as string,
  });
  await host.recovers(trace);
});

it(
  'a hundred starts and stops leave the host as it was, and the memory here flat',
  { timeout: 300_000 },
  async () => {
    await host.has();
    const { trace } = host.traceOf(WELL, 'ssh2');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    let before = 0;
    for (let turn = 0; turn < 100; turn++) {
      if (turn === 10) before = heap();
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
    }
    await host.isEmpty();
    expect(heap() - before).toBeLessThan(5_000_000);
    const cache = `/home/${host.account.name}/.cache/rps-trace`;
    expect((await runAsRoot('ls', ['-A', cache])).trim().split('\n')).toHaveLength(1);
  },
);

function names(messages: readonly ToPanel[]): string[] {
  return messages.flatMap((message) =>
    message.type === 'devices' ? message.devices.map(({ name }) => name) : [],
  );
}
