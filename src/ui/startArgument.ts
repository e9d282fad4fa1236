import { z } from 'zod';
import { parseTarget, type Target } from '../hosts/target';
import { Problem } from '../problem';
import type { Scope } from '../protocol/scope';

const schema = z.object({
  host: z.string().min(1).optional(),
  filter: z.string().optional(),
  interfaces: z.array(z.string()).optional(),
  /** An inode is written as a number. */
  netns: z.union([z.string(), z.number().int().transform(String)]).optional(),
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
  if (typeof argument === 'string') return { target: hostOf(argument), scope: {} };
  const isMeant =
    typeof argument === 'object' &&
    argument !== null &&
    Object.keys(schema.shape).some((key) => key in argument);
  if (!isMeant) return { target: undefined, scope: {} };
  const parsed = schema.safeParse(argument);
  if (!parsed.success) {
    const hint = 'It takes a host, or {"host": …, "filter": …, "interfaces": […], "netns": …}.';
    throw new Problem(
      'SCOPE_INVALID',
      `The argument of rpsTrace.start: ${z.prettifyError(parsed.error)}`,
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
