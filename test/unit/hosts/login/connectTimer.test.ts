import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { ConnectTimer } from '../../../../src/hosts/login/connectTimer';

/** A person who takes some milliseconds to answer. */
const slowly = (ms: number) => ({
  secret: () => sleep(ms, 'secret'),
  acceptHostKey: () => sleep(ms, true),
});
const request = { title: '', detail: '', echo: false };

it('the clock stands still while prompts are open, and goes on after the last', async () => {
  const onTimeout = vi.fn();
  const timer = new ConnectTimer(0.1, onTimeout);
  const prompts = timer.pausing(slowly(200));
  const { signal } = new AbortController();
  await Promise.all([prompts.secret(request, signal), prompts.secret(request, signal)]);
  expect(onTimeout).not.toHaveBeenCalled();
  await sleep(150);
  expect(onTimeout).toHaveBeenCalledOnce();
});

it('the clock that was stopped does not start again after a prompt', async () => {
  const onTimeout = vi.fn();
  const timer = new ConnectTimer(0.05, onTimeout);
  const answer = timer.pausing(slowly(20)).secret(request, new AbortController().signal);
  timer.stop();
  await answer;
  await sleep(100);
  expect(onTimeout).not.toHaveBeenCalled();
});
