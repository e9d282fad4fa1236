import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../src/problem';
import type { Device } from '../../../shared/frames/frames';
import { askToWrite } from '../../../src/ui/askToWrite';
import { askInterfaces, askNamespace } from '../../../src/ui/devicePick';
import { askFilter } from '../../../src/ui/filterInput';
import { pickHost, rememberHost } from '../../../src/ui/hostPick';
import { vscodePrompts } from '../../../src/ui/prompts';
import { aWrite } from '../tuning/scene';
import { fake, widgets } from './fakeVscode';
import { LINK, READ, log, makeTrace } from './scene';

beforeEach(() => {
  fake.reset();
  widgets.length = 0;
});

const { signal } = new AbortController();
const asked = () => fake.last(/showInputBox/)['options'] as Record<string, unknown>;
const widget = () => {
  const last = widgets.at(-1);
  if (!last) throw new Error('no box is open');
  return last;
};

describe('a question before the login', () => {
  it('quotes what the host says, and no more than that', async () => {
    fake.answers = ['secret'];
    const hostSays = `Two steps ${LINK}\nThat was accepted.” RPS Trace: type it again`;
    const request = {
      title: `Code ${LINK} (a@web)`,
      detail: 'That was not accepted.',
      hostSays,
      echo: false,
    };
    expect(await vscodePrompts.secret(request, signal)).toBe('secret');
    expect(asked()).toMatchObject({
      title: `Code ${READ} (a@web)`,
      prompt: `The host says: “Two steps ${READ} ⏎ That was accepted.' RPS Trace: type it again” That was not accepted.`,
      password: true,
      ignoreFocusOut: true,
    });
  });

  it('quotes a host that imitates a sentence of the extension', async () => {
    const detail = 'The loader needs root to attach to the kernel.';
    await vscodePrompts.secret({ title: 't', detail: '', hostSays: detail, echo: false }, signal);
    expect(asked()['prompt']).toBe(`The host says: “${detail}”`);
    await vscodePrompts.secret({ title: 't', detail, echo: true }, signal);
    expect(asked()).toMatchObject({ prompt: detail, password: false });
  });

  it('names a host key that is not known, on lines of their own', async () => {
    fake.answers = ['Trust and Continue'];
    const key = {
      host: `web ${LINK}`,
      keyType: 'ssh-x\nTrusted by RPS Trace',
      fingerprint: `SHA256:${LINK}`,
    };
    expect(await vscodePrompts.acceptHostKey(key, signal)).toBe(true);
    const { text, options } = fake.last(/showWarningMessage/) as {
      text: string;
      options: { detail: string };
    };
    expect(text).toBe(`The identity of web ${READ} is not known`);
    expect(options.detail.split('\n').slice(0, 2)).toEqual([
      'Its ssh-x ⏎ Trusted by RPS Trace key has the fingerprint',
      `SHA256:${READ}`,
    ]);
    expect(await vscodePrompts.acceptHostKey(key, signal)).toBe(false);
  });
});

describe('the dialog before masks are written', () => {
  const options = () => fake.last(/showWarningMessage/)['options'] as { modal: boolean; detail: string };

  it('shows each write on a line of its own, whatever the names are', async () => {
    fake.answers = ['Write Masks'];
    const named = {
      ...aWrite,
      netnsName: `ns\n${LINK}`,
      path: `/sys/${'x'.repeat(500)}/rps_cpus`,
      conflict: '7',
    };
    expect(await askToWrite(`web ${LINK}`, [aWrite, named], 60, log)).toBe(true);
    const lines = options().detail.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('/sys/class/net/eth0/queues/rx-0/rps_cpus: f → 3');
    expect(lines[1]).toMatch(/^\[ns ⏎ \[x\] \(command:a\)/);
    expect(lines[1]).toMatch(/\/rps_cpus: f → 3 \(changed by somebody since: was 7\)$/);
    expect(lines[3]).toContain('takes them back after 60 s');
    expect(options().modal).toBe(true);
  });

  it('shows some of many, and leaves the rest to the log', async () => {
    expect(await askToWrite('web', Array<typeof aWrite>(40).fill(aWrite), 60, log)).toBe(false);
    expect(options().detail).toContain('… and 24 more');
    expect(fake.log.join().match(/rx-0/g)).toHaveLength(40);
  });
});

describe('the filter', () => {
  const trace = (refusal: Problem | undefined) =>
    Object.assign(makeTrace(`web ${LINK}`), { refusal: () => Promise.resolve(refusal) });
  const accept = async (value: string) => {
    widget().value = value;
    widget().fire('accept');
    await vi.waitFor(() => expect(widget()['busy']).toBe(false));
  };

  it('is refused in the words of the host, quoted and inert', async () => {
    const entered = askFilter(trace(new Problem('FILTER_REFUSED', `syntax error ${LINK}`, LINK)), []);
    expect(widget()['title']).toBe(`Count which packets on web ${READ}?`);
    await accept('tcp port');
    expect(widget()['validationMessage']).toMatchObject({
      message: `The loader says: “syntax error ${READ}. ${READ}”`,
    });
    widget().fire('hide');
    expect(await entered).toBeUndefined();
  });

  it('is entered as it is typed, or chosen again as it was', async () => {
    const recent = 'ip[0](1) or tcp[13] & 2 != 0';
    const entered = askFilter(trace(undefined), [recent]);
    const box = widget();
    fake.answers = ['ip[0] (1) or tcp[13] & 2 != 0'];
    box.fire('button');
    await vi.waitFor(() => expect(box.value).toBe(recent));
    box.fire('accept');
    expect(await entered).toBe(recent);
  });
});

describe('interfaces and namespaces', () => {
  const device = (name: string, netns: number, netns_name?: string) =>
    ({ name, netns, ifindex: 1, instance: 0, queues: [], netns_name }) as unknown as Device;
  const devices = [device('$(flame)', 1), device('eth0', 2, `ns ${LINK}`)];
  const items = () => fake.last(/showQuickPick/)['items'] as { label: string; description?: string }[];

  it('are listed readably, and chosen by their real names', async () => {
    const trace = makeTrace('web', { devices });
    fake.answers = [['$ (flame)'], `ns ${READ}`];
    expect(await askInterfaces(trace)).toEqual(['$(flame)']);
    expect(items().map(({ label, description }) => [label, description])).toEqual([
      ['$ (flame)', 'the host’s own namespace'],
      ['eth0', `ns ${READ}`],
    ]);
    expect(await askNamespace(trace)).toBe(`ns ${LINK}`);
  });

  it('are typed where none are known', async () => {
    fake.answers = [' eth0  eth1 ', ' blue '];
    expect(await askInterfaces(makeTrace('web'))).toEqual(['eth0', 'eth1']);
    expect(await askNamespace(makeTrace('web'))).toBe('blue');
  });
});

describe('the list of hosts', () => {
  const memory = (hosts: unknown) => {
    const stored = new Map<string, unknown>([['recentHosts', hosts]]);
    const update = (key: string, value: unknown) => Promise.resolve(void stored.set(key, value));
    return { stored, keys: () => [], get: (key: string) => stored.get(key), update } as never;
  };
  const labels = () => (widget()['items'] as { label: string }[]).map(({ label }) => label);
  const choose = (label: string) => {
    const items = widget()['items'] as { label: string }[];
    widget()['activeItems'] = items.filter((item) => item.label === label);
    widget().fire('accept');
  };

  it('has what was traced before, and takes it as it was', async () => {
    const chosen = pickHost(memory([`$(flame)`, 'web-1', 7]), log);
    await vi.waitFor(() => expect(labels()).toContain('$(history) web-1'));
    expect(labels()).toContain('$(history) $ (flame)');
    choose('$(history) web-1');
    expect(await chosen).toEqual({ kind: 'ssh', destination: 'web-1' });
  });

  it('says of what is typed whether it can be traced', async () => {
    const chosen = pickHost(memory(undefined), log);
    await vi.waitFor(() => expect(widget()['busy']).toBe(false));
    widget().value = `[x](command:a)`;
    widget().fire('value');
    expect(labels()[0]).toMatch(/^\$\(error\) "\[x\] \(command:a\)" is not a host/);
    choose(labels()[0] ?? '');
    widget().value = 'alice@web-2';
    widget().fire('value');
    choose('$(plug) Trace alice@web-2');
    expect(await chosen).toEqual({ kind: 'ssh', destination: 'alice@web-2' });
  });

  it('keeps the latest ten, each once', async () => {
    const kept = memory(Array.from({ length: 10 }, (_, at) => `web-${at}`));
    await rememberHost(kept, 'web-3');
    await rememberHost(kept, 'new');
    const { stored } = kept as { stored: Map<string, string[]> };
    expect(stored.get('recentHosts')?.slice(0, 3)).toEqual(['new', 'web-3', 'web-0']);
    expect(stored.get('recentHosts')).toHaveLength(10);
  });
});
