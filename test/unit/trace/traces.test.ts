import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../../src/hosts/secrets';
import type { ToPanel } from '../../../shared/messages/panel';
import { Traces } from '../../../src/trace/traces';
import { contextOf, HELLO, never, scriptedHost, WELL } from '../loader/scriptedHost';

const silent = () => undefined;
const cancelled = () => Promise.reject(new Error('nobody is asked'));

function makeTraces(): { traces: Traces; messages: ToPanel[] } {
  const traces = new Traces({
    prompts: { secret: cancelled, acceptHostKey: cancelled },
    secrets: new Secrets(),
    log: { info: silent, warn: silent, error: silent },
    binaries: cancelled,
    intervalMs: () => 1000,
  });
  const messages: ToPanel[] = [];
  traces.listen((message) => messages.push(message));
  return { traces, messages };
}

const ssh = (destination: string) => ({ kind: 'ssh', destination }) as const;
const shown = (messages: readonly ToPanel[]) =>
  messages.flatMap((message) => (message.type === 'snapshot' ? [message.host] : []));
const listed = (messages: readonly ToPanel[]) =>
  messages.flatMap((message) => (message.type === 'hosts' ? [message.hosts.map(({ label }) => label)] : []));

describe('the traces of a window', () => {
  it('are listed as they come, and the one that is shown is the last that was asked for', () => {
    const { traces, messages } = makeTraces();
    traces.show(ssh('web-1'));
    traces.show(ssh('web-2'));
    traces.show(ssh('web-1'));
    expect(listed(messages).at(-1)).toEqual(['web-1', 'web-2']);
    expect(shown(messages)).toEqual(['web-1', 'web-2', 'web-1']);
    expect(shown(traces.snapshot())).toEqual(['web-1']);
    expect(listed(traces.snapshot())).toEqual([['web-1', 'web-2']]);
  });

  it('tell of a host that is not shown by its state on the list, and of nothing else', async () => {
    const { traces, messages } = makeTraces();
    const behind = traces.show(ssh('-never'));
    traces.show(ssh('web-2'));
    messages.length = 0;
    const watched: string[] = [];
    traces.watch(({ label, state }) => watched.push(`${label} ${state.kind}`));
    await expect(behind.start(new AbortController().signal)).rejects.toThrow();
    expect(new Set(messages.map(({ type }) => type))).toEqual(new Set(['hosts']));
    expect(messages.at(-1)).toEqual({
      type: 'hosts',
      hosts: [
        { label: '-never', state: 'failed' },
        { label: 'web-2', state: 'idle' },
      ],
    });
    expect(watched).toEqual(['-never connecting', '-never failed']);
    traces.bringToFront(behind);
    expect(shown(messages)).toEqual(['-never']);
  });
});

describe('a host that can be read but not traced', () => {
  scriptedHost();

  it.each([
    ['none', 'reading'],
    ['fexit', 'tracing'],
  ])('is told from others on the list of hosts: with the backend %s it is %s', async (backend, state) => {
    const script = WELL.replace(HELLO, HELLO.replace('fexit', backend));
    const traces = new Traces(contextOf(script));
    const messages: ToPanel[] = [];
    traces.listen((message) => messages.push(message));
    const trace = traces.show({ kind: 'local' });
    const label = `this host (${hostname()})`;
    await trace.start(never);
    expect(messages.filter(({ type }) => type === 'hosts').at(-1)).toEqual({
      type: 'hosts',
      hosts: [{ label, state }],
    });
    expect(trace.readsOnly).toBe(backend === 'none');
    await trace.stop();
    expect(traces.snapshot()[0]).toEqual({ type: 'hosts', hosts: [{ label, state: 'stopped' }] });
  });
});
