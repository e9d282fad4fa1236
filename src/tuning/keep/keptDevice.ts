import { listOf } from '../../../shared/masks/cpuSet';
import { cpusOfMask } from '../../../shared/masks/sameMask';

/** A device with the masks that are to last, the lowest queue first. */
export interface KeptDevice {
  readonly name: string;
  /** A name under /run/netns; undefined in the host's own namespace. */
  readonly netns: string | undefined;
  readonly masks: readonly { readonly queue: number; readonly mask: string }[];
  /** How many receive queues it has. */
  readonly queues: number;
}

/** The one mask of all queues of a device, as a list; undefined where they differ, or some have none. */
export function oneMask({ masks, queues }: KeptDevice): string | undefined {
  const lists = new Set(masks.map(({ mask }) => listOf(cpusOfMask(mask))));
  const [list] = lists;
  return lists.size === 1 && masks.length === queues ? list : undefined;
}

/**
 * A name as a pattern of fnmatch(3), for files of udev and systemd. They agree on brackets, and on nothing else: what they
 * would not take in a name stands as ?, for any character.
 */
export function namePattern(name: string): string {
  return name.replace(/[*?[]/g, '[$&]').replace(/["'\\|!%]/g, '?');
}
