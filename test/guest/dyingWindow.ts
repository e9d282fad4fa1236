import { z } from 'zod';
import { applyTo, tuneGuest, until } from './guestTuning';

/**
 * A window of its own: applies a mask to a device of the guest by the extension's own code and, at one moment of that, is
 * killed or stops without a word. Says on stdout which moments it came to.
 */
const order = z
  .object({
    login: z.object({
      ...{ host: z.string(), port: z.number(), privateKeyPath: z.string(), knownHostsLine: z.string() },
    }),
    device: z.string(),
    list: z.string(),
    seconds: z.number(),
    /** A moment that it says. */
    moment: z.string(),
    signal: z.enum(['SIGKILL', 'SIGSTOP']),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

function say(moment: string): void {
  process.stdout.write(`${moment}\n`);
  if (moment === order.moment) process.kill(process.pid, order.signal);
}

const tuned = await tuneGuest(order.login, () => say('asked'));
const { trace } = tuned.traced;
const start = trace.guard.bind(trace);
let guards = 0;
trace.guard = async (onFrame, signal) => {
  // The first guard only looks.
  const isSecond = ++guards === 2;
  const tell = (moment: string) => isSecond && say(moment);
  const run = await start((frame) => {
    if (frame.type === 'guard') tell(`told ${frame.state}`);
    onFrame(frame);
  }, signal);
  const send = run.send.bind(run);
  run.send = (line) => {
    send(line);
    tell(`sent ${line.split(' ')[0] ?? ''}`);
  };
  return run;
};
await applyTo(tuned, order.device, order.list, order.seconds);
await until('it is applied', () => tuned.tuning.state.kind === 'applied');
say('before confirm');
await tuned.tuning.act({ type: 'confirmApply' });
await until('it is confirmed', () => tuned.tuning.state.kind === 'confirmed');
say('after confirm');
await tuned[Symbol.asyncDispose]();
