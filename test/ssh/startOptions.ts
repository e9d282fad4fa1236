import type { Binaries } from '../../src/loader/binaries';
import type { StartOptions } from '../../src/loader/start';
import { everything } from '../../shared/scope';
import type { Scene } from './scene';

/** How a person of the scene starts a loader on a host, everything being counted. */
export function startOptions(
  { person, secrets, logger }: Scene,
  binaries: Binaries,
  listener: Partial<Pick<StartOptions, 'onFrame' | 'onStep'>> = {},
): StartOptions {
  const nothing = () => undefined;
  return {
    needed: { binaries, btf: undefined },
    verified: {},
    intervalMs: 1000,
    scope: everything,
    prompts: person,
    secrets,
    log: logger,
    signal: new AbortController().signal,
    onStep: nothing,
    onFrame: nothing,
    onBadLine: nothing,
    ...listener,
  };
}
