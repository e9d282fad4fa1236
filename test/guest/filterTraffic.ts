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

/*
 * The same link with addresses, and a WireGuard tunnel over it. What va sends is cut into segments by the sender, so that
 * GRO can merge them: on vb where the kernel's veth does that (not in 5.10), on wg0 everywhere. Nothing is sent yet, nor by
 * the stack itself: its neighbours are known.
 */
const prepareStreams = `
  modprobe wireguard
  for side in a b; do
    ip netns exec f$side ethtool -K v$side tso off gso off gro on >/dev/null 2>&1 || true
    ip -n f$side link add wg0 type wireguard
    wg genkey >/tmp/key-$side
  done
  tunnel() { # SIDE OTHER NUMBER NUMBER-OF-OTHER
    ip netns exec f$1 wg set wg0 private-key /tmp/key-$1 listen-port 5182$3 \
      peer $(wg pubkey </tmp/key-$2) allowed-ips 10.9.0.$4/32 endpoint 10.8.0.$4:5182$4
    ip -n f$1 addr add 10.8.0.$3/24 dev v$1
    ip -n f$1 neigh replace 10.8.0.$4 lladdr $(ip netns exec f$2 cat /sys/class/net/v$2/address) nud permanent dev v$1
    ip -n f$1 addr add 10.9.0.$3/24 dev wg0
    ip -n f$1 link set wg0 up
  }
  tunnel a b 1 2; tunnel b a 2 1
  ip netns exec fb sh -c 'echo 5 >/sys/class/net/wg0/queues/rx-0/rps_cpus'`;

/** Adds the tunnel, and the command `/tmp/stream`, which sends TCP beside it and through it, and some pings. */
export async function prepareStreaming(guest: Guest): Promise<void> {
  const stream = `set -e
    sysctl -qw net.core.netdev_max_backlog=100000
    for net in 10.8.0 10.9.0; do
      ip netns exec fb iperf3 -s -1 -D -B $net.2 --logfile /dev/null
      for n in $(seq 100); do ip netns exec fb ss -ltn | grep -q "$net.2:5201" && break; sleep 0.1; done
      ip netns exec fa ping -q -c 1 -W 20 $net.2 >/dev/null
      ip netns exec fa iperf3 -c $net.2 -n 1M >/dev/null
      ip netns exec fa ping -q -f -c 50 $net.2 >/dev/null
    done
    sleep 1`;
  await guest.run('cat >/tmp/stream', { input: stream });
  await guest.run(prepareStreams);
}
