import { quote } from '../../hosts/shell';
import type { KeepNote, KeepText } from '../../../shared/messages/tuning';
import type { KeptDevice } from './keptDevice';

/** A shell script that writes every mask; it goes on where a device is not there, and fails at the end. */
export function script(devices: readonly KeptDevice[], notes: readonly KeepNote[]): KeepText {
  const namespaces = new Set(devices.flatMap(({ netns = [] }) => netns));
  const inside = (netns: string | undefined) =>
    devices
      .filter((device) => device.netns === netns)
      .flatMap(writes)
      .map(orFail);
  const lines = [
    '#!/bin/sh',
    '# Masks of receive packet steering (RPS), for root.',
    'failed=0',
    ...inside(undefined),
    ...[...namespaces].map((netns) => {
      const commands = ['failed=0', ...inside(netns), 'exit $failed'].join('; ');
      return orFail(`ip netns exec ${quote(netns)} sh -c ${quote(commands)}`);
    }),
    'exit $failed',
  ];
  const file = { path: '/usr/local/sbin/rps-masks', mode: '0755', text: `${lines.join('\n')}\n` };
  return { form: 'script', files: devices.length > 0 ? [file] : [], notes };
}

const orFail = (command: string) => `${command} || failed=1`;

/** Commands that write the masks of a device, without a newline. */
export function writes({ name, masks }: KeptDevice): string[] {
  return masks.map(
    ({ queue, mask }) => `echo ${mask} >${quote(`/sys/class/net/${name}/queues/rx-${queue}/rps_cpus`)}`,
  );
}
