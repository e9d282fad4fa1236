/** Packets of many kinds, byte by byte. Nobody is to answer them, so their checksums are left 0. */

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const filler = (length: number) => Buffer.alloc(length, 0x2e);

const address = (text: string) => Buffer.from(text.split('.').map(Number));
/** An address in fd00::/64 by its last byte. */
const address6 = (host: number) => Buffer.concat([bytes('fd00'), Buffer.alloc(13), Buffer.from([host])]);

export interface Ip {
  readonly from?: string;
  readonly to?: string;
  readonly ttl?: number;
  /** Flags and fragment offset as in the header. */
  readonly fragment?: number;
  /** Words of header options. */
  readonly options?: number;
}

/** An IPv4 packet (RFC 791). */
export function ip(protocol: number, payload: Buffer, header: Ip = {}): Buffer {
  const { from = '10.0.0.1', to = '10.0.0.2', ttl = 64, fragment = 0, options = 0 } = header;
  return Buffer.concat([
    Buffer.from([0x45 + options, 0]),
    u16(20 + options * 4 + payload.length),
    u16(1),
    u16(fragment),
    Buffer.from([ttl, protocol, 0, 0]),
    address(from),
    address(to),
    Buffer.alloc(options * 4, 1),
    payload,
  ]);
}

/** An IPv6 packet (RFC 8200). */
export function ip6(next: number, payload: Buffer, from = 1, to = 2): Buffer {
  const head = [bytes('60000000'), u16(payload.length), Buffer.from([next, 64])];
  return Buffer.concat([...head, address6(from), address6(to), payload]);
}

export function udp(from: number, to: number, length = 20): Buffer {
  return Buffer.concat([u16(from), u16(to), u16(8 + length), u16(0), filler(length)]);
}

/** `flags` as in the header: 2 is SYN, 0x10 ACK. */
export function tcp(from: number, to: number, flags: number, payload = ''): Buffer {
  const numbers = bytes('00000001 00000000');
  return Buffer.concat([
    u16(from),
    u16(to),
    numbers,
    Buffer.from([0x50, flags]),
    bytes('ffff 0000 0000'),
    Buffer.from(payload),
  ]);
}

export const icmp = (type: number, code = 0) =>
  Buffer.concat([Buffer.from([type, code]), bytes('0000 0001 0001'), filler(56)]);

/** A hop-by-hop header before what follows. */
export const hopByHop = (next: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([next, 0, 1, 4]), Buffer.alloc(4), payload]);

/** A request or reply (1 or 2) for IPv4 over Ethernet (RFC 826). */
export const arp = (operation: number) =>
  Buffer.concat([
    bytes('0001 0800 0604'),
    u16(operation),
    bytes('020000000001'),
    address('10.0.0.1'),
    Buffer.alloc(6),
    address('10.0.0.2'),
  ]);

/** Addresses that nobody here has, so that the kernel drops what comes after counting. */
export const STRANGER = '020000000099';
export const BROADCAST = 'ffffffffffff';

/** An Ethernet frame; `tags` are VLAN tags in the frame itself, such as `8100 0005`. */
export function ethernet(type: number, payload: Buffer, to = STRANGER, tags = ''): Buffer {
  return Buffer.concat([bytes(to), bytes('020000000001'), bytes(tags), u16(type), payload]);
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

const internet = [
  ip(17, udp(1000, 53)),
  ip(17, udp(53, 1000, 300)),
  ip(17, udp(2000, 5000, 1300), { from: '192.168.7.9', to: '10.1.2.3' }),
  ip(6, tcp(40000, 443, 2)),
  ip(6, tcp(443, 40000, 0x12)),
  ip(6, tcp(40001, 80, 0x18, 'GET / HTTP/1.1\r\n\r\n'), { ttl: 3 }),
  ip(6, tcp(40002, 22, 0x11), { options: 2 }),
  ip(1, icmp(8)),
  ip(1, icmp(0), { from: '10.0.0.2', to: '10.0.0.1' }),
  ip(1, icmp(3, 1)),
  ip(17, udp(3000, 53, 800), { fragment: 0x2000 }),
  ip(17, filler(100), { fragment: 101 }),
  ip(89, filler(44), { to: '224.0.0.5', ttl: 1 }),
  ip(132, filler(32)),
  ip(47, filler(24), { from: '172.16.0.1' }),
  ip6(17, udp(1000, 53)),
  ip6(6, tcp(40000, 443, 2), 3, 4),
  ip6(58, icmp(128)),
  ip6(0, hopByHop(6, tcp(40000, 443, 2))),
];

const version = (packet: Buffer) => (packet.readUInt8(0) >> 4 === 4 ? IPV4 : IPV6);
const framed = (tags: string) => internet.map((packet) => ethernet(version(packet), packet, STRANGER, tags));

/** What is sent into the Ethernet device as it is. */
export const frames: readonly Buffer[] = [
  ...framed(''),
  ...framed('8100 0005'),
  ethernet(IPV4, ip(17, udp(9, 9)), STRANGER, '88a8 0064 8100 0005'),
  ethernet(IPV4, ip(6, tcp(9, 443, 2)), STRANGER, '8100 0007'),
  ethernet(IPV4, ip(17, udp(68, 67), { from: '0.0.0.0', to: '255.255.255.255' }), BROADCAST),
  ethernet(IPV4, ip(17, udp(5353, 5353), { to: '224.0.0.251' }), '01005e0000fb'),
  ethernet(0x0806, arp(1), BROADCAST),
  ethernet(0x0806, arp(2)),
  ethernet(0x0806, arp(1), BROADCAST, '8100 0005'),
  ethernet(0x88cc, filler(46), '0180c200000e'),
  ethernet(38, bytes('424203').subarray(0, 3), '0180c2000000'),
  ethernet(0x8847, Buffer.concat([bytes('00064140'), ip(17, udp(1, 2))])),
];

/** What is sent through a VLAN device, which puts its tag beside the frame. */
export const untagged: readonly Buffer[] = [
  ...framed(''),
  ethernet(IPV4, ip(17, udp(7, 7)), STRANGER, '8100 0009'),
];

/** What comes out of a tunnel. */
export const packets: readonly Buffer[] = internet;
