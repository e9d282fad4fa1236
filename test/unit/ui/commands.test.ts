import { beforeEach, describe, expect, it } from 'vitest';
import { GUARD_SECONDS } from '../../../shared/messages/tuning';
import { registerCommands, type CommandContext } from '../../../src/ui/commands';
import { aWrite } from '../tuning/scene';
import { fake } from './fakeVscode';
import { LINK, READ, log, makeRecordings, makeTrace, makeTraces, makeTunings, notice } from './scene';

beforeEach(() => fake.reset());

/** Registers the commands over what a test gives; anything else must not be asked for. */
function register(context: Partial<Record<keyof CommandContext, unknown>>): void {
  registerCommands({ log, ...context } as unknown as CommandContext);
}

const run = (id: string, ...args: unknown[]) => fake.commands.get(`rpsTrace.${id}`)?.(...args);

describe('a command', () => {
  it('that fails tells that itself: VS Code would make links of the message', async () => {
    const fails = () => {
      throw new Error(LINK);
    };
    register({ panel: { openInEditor: fails, showTuning: fails } });
    for (const id of ['openInEditor', 'tuneMasks', 'showMaskHistory']) {
      await run(id);
      expect(notice()).toBe(`RPS Trace: Error: ${READ}`);
    }
  });

  it('refuses an argument that it does not understand', async () => {
    register({});
    await run('start', { host: 'web', interfaces: LINK });
    expect(notice()).toMatch(/^RPS Trace: The argument of rpsTrace\.start: ✖/);
    await run('start', LINK);
    expect(notice()).toContain(`is not a host`);
    expect(notice()).toContain('[x] (command:a) $ (flame)');
  });
});

describe('starting a trace', () => {
  it('shows each step readably, and can be cancelled', async () => {
    const trace = makeTrace(`web`);
    const { traces } = makeTraces(trace);
    const show = () => Object.assign(trace, { label: LINK });
    const memory = { get: () => [], update: () => Promise.resolve() };
    register({ traces: Object.assign(traces, { show }), memory });
    await run('start', 'web');
    expect(fake.last(/withProgress/)).toMatchObject({ options: { cancellable: true } });
    expect(fake.last(/report/)).toEqual({ step: { message: 'Connecting to web' } });
  });
});

describe('stopping a trace', () => {
  const tracing = { state: { kind: 'tracing' } } as const;

  it('stops the only one, and asks which of several', async () => {
    const [first, second] = [makeTrace('first', tracing), makeTrace(`web ${LINK}`, tracing)];
    register({ traces: makeTraces(first).traces });
    await run('stop');
    expect(first.stopped).toBe(1);
    register({ traces: makeTraces(first, second).traces });
    fake.answers = [`web ${READ}`];
    await run('stop');
    expect([first.stopped, second.stopped]).toEqual([1, 1]);
    expect(fake.last(/withProgress/)).toMatchObject({
      options: { title: `RPS Trace: stopping on web ${READ}` },
    });
  });

  it('says that there is none', async () => {
    register({ traces: makeTraces().traces });
    await run('stop');
    expect(notice()).toBe('No trace is running.');
  });
});

describe('cleaning up', () => {
  it('is refused while the host is traced', async () => {
    const name = 'alice@web-1';
    const trace = makeTrace(name, { state: { kind: 'tracing' } });
    register({ traces: makeTraces(trace).traces });
    await run('cleanUpHost', name);
    expect(notice()).toBe('alice@web-1 is being traced. Stop tracing before you clean it up.');
  });
});

describe('recording', () => {
  it('offers to trace first', async () => {
    fake.answers = ['Start Tracing…'];
    register({ traces: makeTraces(makeTrace('web')).traces });
    await run('startRecording');
    expect(fake.ran).toEqual([['rpsTrace.start']]);
  });

  it('names the file of one that runs, and stops it', async () => {
    const trace = makeTrace(`web ${LINK}`, { state: { kind: 'tracing' } });
    const { recordings, stopped } = makeRecordings(new Map([[trace, `/tmp/${LINK}`]]));
    register({ traces: makeTraces(trace).traces, recordings });
    await run('startRecording');
    expect(notice()).toBe(`web ${READ} is being recorded already, to /tmp/${READ}.`);
    await run('stopRecording');
    expect(stopped).toEqual([trace]);
  });

  it('asks where to, in the words of the host', async () => {
    const trace = makeTrace(`web ${LINK}`, { state: { kind: 'tracing' } });
    register({ traces: makeTraces(trace).traces, recordings: makeRecordings().recordings });
    await run('startRecording');
    expect(fake.last(/showSaveDialog/)).toMatchObject({ options: { title: `Record web ${READ}` } });
  });

  it('opens the file that is chosen', async () => {
    fake.answers = ['open'];
    register({});
    await run('openRecording');
    expect(fake.ran[0]?.[0]).toBe('vscode.openWith');
  });
});

describe('masks', () => {
  const trace = makeTrace(`web ${LINK}`, { state: { kind: 'tracing' } });
  const applied = { kind: 'applied', writes: [], seconds: 60, left: 60 } as const;
  const entry = {
    ...{ id: 'e', time: 0, due: 0, outcome: 'confirmed' as const },
    writes: [{ ...aWrite, name: LINK }],
  };
  const previewed = { kind: 'previewed', source: { kind: 'entry', entry: 'e' }, gone: [] } as const;

  it('are kept or taken back, of the host that is chosen', async () => {
    const other = { trace: makeTrace('other'), state: applied };
    const { tunings, acted } = makeTunings(other, { trace, state: applied });
    register({ tunings });
    fake.answers = [`web ${READ}`, 'other'];
    await run('keepMasks');
    await run('revertMasks');
    expect(acted).toEqual([{ type: 'confirmApply' }, { type: 'revertApply' }]);
  });

  it('that none wait for are told of', async () => {
    register({ tunings: makeTunings().tunings });
    await run('keepMasks');
    expect(notice()).toBe('No masks wait to be kept.');
    await run('revertMasks');
    expect(notice()).toBe('No masks were applied from here to the host that is shown.');
  });

  it('of the history are taken back, over others’ changes only when the person wants that', async () => {
    const state = { ...previewed, writes: [{ ...aWrite, conflict: '7' }], problem: undefined };
    const { tunings, acted } = makeTunings({ trace, state, history: [entry as never] });
    register({ tunings });
    fake.answers = [new Date(0).toLocaleString(), 'Overwrite Them'];
    await run('revertMasks');
    const { items } = fake.last(/showQuickPick/) as { items: { detail: string }[] };
    expect(items[0]?.detail).toBe(`1 queues of ${READ}`);
    expect(acted).toEqual([
      { type: 'previewRevert', entry: 'e' },
      { type: 'applyMasks', seconds: GUARD_SECONDS.usual, overwrite: true },
    ]);
  });

  it('that the host refuses are told of in its words', async () => {
    const problem = { code: 'MASK_REFUSED', message: LINK, hint: LINK };
    const state = { ...previewed, writes: [aWrite], problem };
    const { tunings } = makeTunings({ trace, state, history: [entry as never] });
    register({ tunings });
    fake.answers = [new Date(0).toLocaleString()];
    await run('revertMasks');
    expect(notice()).toBe(`RPS Trace: The loader says: “${READ}. ${READ}”`);
  });
});

describe('exporting', () => {
  it('asks for a format and a file, and offers to open it', async () => {
    fake.answers = ['CSV', 'file', 'Open'];
    const exports = { make: () => Promise.resolve('a,b') };
    register({ traces: makeTraces(makeTrace(LINK)).traces, exports });
    await run('export');
    expect(notice()).toMatch(/^RPS Trace: exported to .*x-command-a-flame-\d.*\.csv\.$/);
    expect(fake.ran.map(([id]) => id)).toEqual(['vscode.open']);
  });
});

describe('passwords', () => {
  it('are forgotten here and in the store', async () => {
    const cleared: string[] = [];
    const clear = (what: string) => ({ clear: () => Promise.resolve(cleared.push(what)) });
    register({ secrets: clear('window'), vault: clear('store') });
    await run('forgetSecrets');
    expect(cleared).toEqual(['window', 'store']);
  });
});
