# Sends packets through tun0, as a virtual machine does: without Ethernet header, but with a virtio header before each.
# Prints what was sent: "skbs segments bytes". Numbers are those of linux/if_tun.h and linux/virtio_net.h.
use strict;

open(my $tun, '+<', '/dev/net/tun') or die "tun: $!";
my $request = pack('a16 S x22', 'tun0', 0x5001);    # IFF_TUN | IFF_NO_PI | IFF_VNET_HDR
ioctl($tun, 0x400454ca, $request) or die "TUNSETIFF: $!";

# From Linux 6.2 on, UDP may be split as TCP is (399e0827642f): TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6. A refusal is believed
# only where the device says itself that it never can.
my $splits_udp = ioctl($tun, 0x400454d0, 0x61);
$splits_udp or `ethtool -k tun0` =~ /^tx-udp-segmentation: off \[fixed\]/m or die "TUNSETOFFLOAD: $!";

my ($skbs, $segments, $bytes) = (0, 0, 0);

sub put {
  my ($header, $packet, $pieces) = @_;
  defined(syswrite($tun, $header . $packet)) or die "packet: $!";
  $skbs++;
  $segments += $pieces;
  $bytes += length $packet;
}

sub ip4 {
  my ($protocol, $rest) = @_;
  return pack('CCnnnCCnNN', 0x45, 0, 20 + length $rest, 0, 0, 64, $protocol, 0, 0x0a010001, 0x0a010009) . $rest;
}

sub ip6 {
  my ($protocol, $rest) = @_;
  return pack('NnCC n x13 C n x13 C', 6 << 28, length $rest, $protocol, 64, 0xfd00, 1, 0xfd00, 9) . $rest;
}

sub udp {
  my ($port, $data) = @_;
  return pack('nnnn', $port, 9, 8 + length $data, 0) . $data;
}

# To be sent in fragments, the first of which has the header.
sub datagram {
  my ($port, $data) = @_;
  return udp($port, substr($data, 8));
}

# Options make its header 32 bytes long.
sub tcp {
  my ($port, $data) = @_;
  return pack('nnNNCCnnn C12', $port, 9, 1, 0, 0x80, 0x10, 100, 0, 0, (1) x 12) . $data;
}

put("\0" x 10, ip4(17, udp($_, "\0" x 32)), 1) for 1 .. 500;

# VIRTIO_NET_HDR_GSO_TCPV4, _TCPV6, _UDP, _UDP_L4; the lengths of headers that each piece has; where the checksum is that each
# piece needs (VIRTIO_NET_HDR_F_NEEDS_CSUM, 1).
my @kinds = (
  [1, \&ip4, 20, 6, \&tcp, 32, 16],
  [4, \&ip6, 40, 6, \&tcp, 32, 16],
  [3, \&ip4, 20, 17, \&datagram, 0, 6],
);
push @kinds, [5, \&ip4, 20, 17, \&udp, 8, 6], [5, \&ip6, 40, 17, \&udp, 8, 6] if $splits_udp;

# In one piece of memory, and in several. No byte is left for another segment, or one alone: a wrong length of headers shows.
for my $sizes ([(1000) x 3], [(1000) x 10, 1]) {
  my $data = join '', map { "\0" x $_ } @$sizes;
  for my $kind (@kinds) {
    my ($type, $ip, $ip_length, $protocol, $transport, $length, $checksum) = @$kind;
    my $header = pack('CCSSSS', 1, $type, $ip_length + $length, 1000, $ip_length, $checksum);
    put($header, $ip->($protocol, $transport->($_, $data)), scalar @$sizes) for 1 .. 10;
  }
}
print "$skbs $segments $bytes\n";
