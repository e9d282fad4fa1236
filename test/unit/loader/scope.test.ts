import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { everything } from '../../../shared/scope';
import { END, HELLO, never, scriptedHost, traceOf, WELL } from './scriptedHost';

const host = scriptedHost();

describe('what is to be counted', () => {
  const ARGUMENTS = `printf '%s\\n' "$@" >>"\${0%/*}/../arguments"`;
  const told = async () => (await readFile(host.path('cache/arguments'), 'utf8')).split('\n');

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
