import type { Guest } from './guest';
import { frames, packets, untagged } from './packets';

/*
 * Two namespaces: frames that go into `va` come out of `vb` in the other one, where `tun0` is as well. `va.5` leaves its
 * tag beside the frame; other tags are in it.
 */
const prepare = `
  for n in fa fb; do
    ip netns add $n
    ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  done
  ip link add va netns fa type veth peer name vb netns fb
  ip -n fa link set va up; ip -n fb link set vb up
  ip -n fa link add link va name va.5 type vlan id 5; ip -n fa link set va.5 up
  ip netns exec fa ethtool -k va | grep -q 'tx-vlan-offload: on'
  ip -n fb tuntap add tun0 mode tun; ip -n fb link set tun0 up
  # All of it is decided on; where it goes does not matter.
  for d in vb tun0; do ip netns exec fb sh -c "echo 3 >/sys/class/net/$d/queues/rx-0/rps_cpus"; done`;

/** Sends each line of stdin, in hexadecimal, from a device: see packet(7). */
const sendFrames = `
  use Socket; my ($index) = @ARGV; socket(my $s, 17, SOCK_RAW, 0) or die;
  while (<STDIN>) { chomp; send($s, pack("H*", $_), 0, pack("S n l S C C a8", 17, 0, $index, 0, 0, 6, "")) or die $! }`;
/** The same into tun0: 0x400454ca is TUNSETIFF, 0x1001 IFF_TUN | IFF_NO_PI. */
const sendPackets = `
  open(my $tun, "+<", "/dev/net/tun") or die; my $request = pack("a16 s x22", "tun0", 0x1001);
  ioctl($tun, 0x400454ca, $request) or die;
  while (<STDIN>) { chomp; syswrite($tun, pack("H*", $_)) or die $! }
  sleep 1`;

const lines = (list: readonly Buffer[]) => list.map((packet) => `${packet.toString('hex')}\n`).join('');

/** Makes the devices, and the command `/tmp/send`, which sends all packets once. */
export async function prepareTraffic(guest: Guest): Promise<void> {
  const files = {
    frames: lines(frames),
    untagged: lines(untagged),
    packets: lines(packets),
    'frames.pl': sendFrames,
    'packets.pl': sendPackets,
    send: `set -e
      ip netns exec fa sh -c 'perl /tmp/frames.pl $(cat /sys/class/net/va/ifindex) </tmp/frames'
      ip netns exec fa sh -c 'perl /tmp/frames.pl $(cat /sys/class/net/va.5/ifindex) </tmp/untagged'
      ip netns exec fb perl /tmp/packets.pl </tmp/packets
      sleep 1`,
  };
  for (const [name, input] of Object.entries(files)) await guest.run(`cat >/tmp/${name}`, { input });
  await guest.run(`modprobe -a veth 8021q tun; ${prepare}`);
}
