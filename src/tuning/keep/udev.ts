import type { KeepNote, KeepText } from '../../../shared/messages/tuning';
import { namePattern, type KeptDevice } from './keptDevice';

/**
 * A udev(7) rule for each queue. `move` is the event of a device that was renamed, which most are when they appear: only
 * then is its name the one that people know.
 */
export function udev(devices: readonly KeptDevice[], left: readonly KeepNote[]): KeepText {
  const rules = devices.flatMap(({ name, masks }) =>
    masks.map(
      ({ queue, mask }) =>
        `ACTION=="add|move", SUBSYSTEM=="net", KERNEL=="${namePattern(name)}", ` +
        `ATTR{queues/rx-${queue}/rps_cpus}="${mask}"`,
    ),
  );
  const file = { path: '/etc/udev/rules.d/99-rps.rules', mode: '0644', text: `${rules.join('\n')}\n` };
  return { form: 'udev', files: rules.length > 0 ? [file] : [], notes: left };
}
