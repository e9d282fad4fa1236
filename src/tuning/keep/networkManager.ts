import { quote } from '../../hosts/shell';
import type { KeepNote, KeepText } from '../../../shared/messages/tuning';
import type { KeptDevice } from './keptDevice';
import { writes } from './script';

/** A script for NetworkManager-dispatcher(8), which is given a device's name and what has happened to it. */
export function networkManager(devices: readonly KeptDevice[], notes: readonly KeepNote[]): KeepText {
  const cases = devices.flatMap((device) => [
    `${quote(device.name)})`,
    ...writes(device).map((write) => `  ${write}`),
    '  ;;',
  ]);
  const lines = [
    '#!/bin/sh',
    '# Masks of receive packet steering (RPS), whenever a device comes up.',
    '[ "$2" = up ] || exit 0',
    'case "$1" in',
    ...cases,
    'esac',
  ];
  const file = {
    path: '/etc/NetworkManager/dispatcher.d/90-rps',
    mode: '0755',
    text: `${lines.join('\n')}\n`,
  };
  return { form: 'networkManager', files: cases.length > 0 ? [file] : [], notes };
}
