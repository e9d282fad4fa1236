import type { KeepNote, KeepText } from '../../../shared/messages/tuning';
import { namePattern, oneMask, type KeptDevice } from './keptDevice';

/**
 * Files for systemd.link(5), whose ReceivePacketSteeringCPUMask= (systemd 256) gives all receive queues of a device one
 * mask. Only the first file that matches a device counts, so each says again what the usual 99-default.link says.
 */
export function systemd(devices: readonly KeptDevice[], left: readonly KeepNote[]): KeepText {
  const same = devices.flatMap((device) => {
    const list = oneMask(device);
    return list === undefined ? [] : [{ device, list }];
  });
  const files = same.map(({ device: { name }, list }, place) => ({
    path: `/etc/systemd/network/10-rps-${place}.link`,
    mode: '0644',
    text: [
      '# The name before udev changes it; PermanentMACAddress= is another way to tell which device is meant.',
      '[Match]',
      `OriginalName=${namePattern(name)}`,
      '',
      '[Link]',
      'NamePolicy=keep kernel database onboard slot path',
      'AlternativeNamesPolicy=database onboard slot path mac',
      'MACAddressPolicy=persistent',
      `ReceivePacketSteeringCPUMask=${list === '' ? 'disable' : list.replaceAll(',', ' ')}`,
      '',
    ].join('\n'),
  }));
  const differs: KeepNote[] = same.length < devices.length ? ['sameForAll'] : [];
  return { form: 'systemd', files, notes: ['systemd256', ...differs, ...left] };
}
