import { z } from 'zod';

/**
 * A list of at most `most` items. Reading ends at the first item that is none: zod's own array reads all of them, and
 * notes every fault, whatever that takes.
 */
export function list<T extends z.ZodType>(item: T, most: number) {
  return z.unknown().transform((value, context): z.output<T>[] => {
    if (!Array.isArray(value)) return refuse(context, 'a list is expected', []);
    if (value.length > most) return refuse(context, `more than ${most} items`, []);
    const items: z.output<T>[] = [];
    for (const [place, one] of (value as unknown[]).entries()) {
      const read = item.safeParse(one);
      if (read.success) items.push(read.data);
      else {
        const [issue] = read.error.issues;
        return refuse(context, issue?.message ?? '', [place, ...(issue?.path ?? [])]);
      }
    }
    return items;
  });
}

function refuse(context: z.RefinementCtx, message: string, path: PropertyKey[]): never {
  context.issues.push({ code: 'custom', input: undefined, message, path });
  return z.NEVER;
}

/** An object with at most `most` keys of the sender's own choice. */
export function record<T extends z.ZodType>(value: T, most: number) {
  const isSmall = (given: unknown) =>
    typeof given === 'object' && given !== null && Object.keys(given).length <= most;
  return z.custom<Record<string, unknown>>(isSmall).pipe(z.record(z.string(), value));
}
