import { z } from 'zod';
import { parseTarget, type Target } from '../hosts/target';
import { Problem } from '../problem';
import { list } from '../../shared/bounded';
import { MAX_FILTER, MAX_HOST, MAX_INTERFACES, MAX_LOG_LINE, MAX_NAME } from '../../shared/limits';
import type { Scope } from '../../shared/scope';

const schema = z.object({
  host: z.string().min(1).max(MAX_HOST).optional(),
  filter: z.string().max(MAX_FILTER).optional(),
  interfaces: list(z.string().max(MAX_NAME), MAX_INTERFACES).optional(),
  /** An inode is written as a number. */
  netns: z.union([z.string().max(MAX_NAME), z.number().int().transform(String)]).optional(),
});

/** What a keybinding or a task asks for. */
export interface StartRequest {
  /** Undefined: a person is to be asked. */
  readonly target: Target | undefined;
  /** What replaces parts of the host's scope. */
  readonly scope: Partial<Scope>;
}

/**
 * Reads the argument of the start command: a host as it would be typed, or an object with `host`, `filter`, `interfaces`
 * and `netns`, each of which may be missing. Anything else, as menus pass it, asks for nothing.
 * @throws Problem HOST_NAME_INVALID, SCOPE_INVALID
 */
export function readStartArgument(argument: unknown): StartRequest {
  const request: unknown = typeof argument === 'string' && argument !== '' ? { host: argument } : argument;
  const isMeant =
    typeof request === 'object' &&
    request !== null &&
    Object.keys(schema.shape).some((key) => Object.hasOwn(request, key));
  if (!isMeant) return { target: undefined, scope: {} };
  const parsed = schema.safeParse(request);
  if (!parsed.success) {
    const hint = 'It takes a host, or {"host": …, "filter": …, "interfaces": […], "netns": …}.';
    throw new Problem(
      'SCOPE_INVALID',
      `The argument of rpsTrace.start: ${z.prettifyError(parsed.error).slice(0, MAX_LOG_LINE)}`,
      hint,
    );
  }
  const { host, filter, interfaces, netns } = parsed.data;
  return {
    target: hostOf(host ?? ''),
    scope: {
      ...(filter !== undefined && { filter: filter.trim() }),
      ...(interfaces && { interfaces }),
      ...(netns !== undefined && { netns }),
    },
  };
}

const hostOf = (text: string) => (text === '' ? undefined : parseTarget(text));
