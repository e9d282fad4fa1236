import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failed, FaultyHost, KEEPALIVE, start } from './faultyHost';
import { WELL } from './standIn';

let host: FaultyHost;
beforeAll(async () => {
  host = await FaultyHost.create();
});
afterAll(() => host.end());
afterEach(() => {
  host.link.bytesPerSecond = Infinity;
});

describe.each(['ssh2', 'openssh'] as const)(
  'over %s, a fault is named, leaves nothing, and the next start works:',
  (client) => {
    it.each(['Looking at', 'Uploading', 'Starting'])('a connection cut while %s', async (step) => {
      await host.has();
      // Its first frame must not arrive together with what is told of the host: then it would trace before the cut is seen.
      const once = `true ${client} ${step}; sleep 0.5; ${WELL}`;
      const { trace } = host.traceOf(once, client);
      const watch = trace.watch((state) => {
        if (state.kind === 'connecting' && state.step.startsWith(step)) host.link.cut();
      });
      await start(trace);
      watch.dispose();
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'CONNECTION_LOST' });
      await host.recovers(trace);
    });

    it('a connection cut before anybody is logged in', async () => {
      await host.has();
      const { trace } = host.traceOf(WELL, client);
      const cutting = setInterval(() => host.link.cut(), 20);
      await start(trace);
      clearInterval(cutting);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'HOST_UNREACHABLE' });
      await host.recovers(trace);
    });

    it('a connection cut while it traces', async () => {
      await host.has();
      const { trace } = host.traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      host.link.cut();
      await failed(trace, 'CONNECTION_LOST', /connection to web was lost/);
      await host.recovers(trace);
    });

    it('a server that is stopped', async () => {
      await host.has();
      const { trace } = host.traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await host.sshd.halt();
      await host.signalSessions('TERM');
      await failed(trace, 'CONNECTION_LOST', /connection to web was lost/);
      await start(trace);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'HOST_UNREACHABLE' });
      await host.sshd.goOn();
      await host.recovers(trace);
    });

    it('a server that hangs, within the time of the keepalives', async () => {
      await host.has();
      const { trace } = host.traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await host.signalSessions('STOP');
      try {
        const seen = performance.now();
        const within = (KEEPALIVE.seconds * (KEEPALIVE.count + 1) + 3) * 1000;
        const named = /Keepalive timeout|not responding/;
        await failed(trace, 'CONNECTION_LOST', named, within);
        expect(performance.now() - seen).toBeGreaterThan(KEEPALIVE.seconds * 1000);
      } finally {
        await host.signalSessions('CONT');
      }
      await host.recovers(trace);
    });

    it('a link of 50 kB/s, which is no fault to the person', async () => {
      await host.has();
      const { trace } = host.traceOf(`# ${client} ${'x'.repeat(100_000)}\n${WELL}`, client);
      host.link.bytesPerSecond = 50_000;
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
      expect(trace.state).toMatchObject({ kind: 'stopped' });
      host.link.bytesPerSecond = Infinity;
      await host.recovers(trace);
    });
  },
);
