/** On top of other devices: the kernel asks for a CPU below, not again here. */
export const stackedKinds = ['bond', 'team', 'vlan', 'macvlan', 'ipvlan', 'vrf', 'ifb', 'failover'] as const;

/** What a device may be, as docs/protocol.md has it. */
export const deviceKinds = [
  'physical',
  'loopback',
  'veth',
  'bridge',
  ...stackedKinds,
  'tun',
  'wireguard',
  'other',
] as const;
export type DeviceKind = (typeof deviceKinds)[number];
