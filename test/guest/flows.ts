import type { Guest } from './guest';
import { ip, udp } from './packets';

/** Receive queues of `tun0`, in the host's own namespace. */
export const QUEUES = 4;
/** Packets of one replay. */
export const PACKETS = 1200;
const FLOWS = 240;

/**
 * Opens every queue of tun0 and replays the lines of a file (queue, packet in hexadecimal) whenever it is told, so that the
 * same packets come through the same queues: 0x400454ca is TUNSETIFF, 0x1101 IFF_TUN | IFF_NO_PI | IFF_MULTI_QUEUE.
 */
const replayer = `
  $| = 1; my @queues;
  for (1 .. ${QUEUES}) {
    open(my $tun, "+<", "/dev/net/tun") or die; my $request = pack("a16 s x22", "tun0", 0x1101);
    ioctl($tun, 0x400454ca, $request) or die $!; push @queues, $tun;
  }
  open(my $file, "<", "/tmp/flows"); my @packets = map { [split] } <$file>;
  $_->[1] = pack("H*", $_->[1]) for @packets;
  open(my $orders, "+<", "/tmp/replay"); print "ready\\n";
  while (<$orders>) { syswrite($queues[$_->[0]], $_->[1]) or die $! for @packets; print "replayed\\n" }`;

/** 240 UDP flows, each on one queue. The first one has a quarter of the packets. */
function packets(): string {
  const lines = Array.from({ length: PACKETS }, (_, number) => {
    const flow = number % 4 === 0 ? 0 : number % FLOWS;
    const packet = ip(17, udp(1024 + flow, 53), { from: `10.9.${flow % 7}.${1 + flow}`, to: '10.9.200.1' });
    return `${flow % QUEUES} ${packet.toString('hex')}\n`;
  });
  return lines.join('');
}

/** Makes tun0, whose queues exist until the guest ends. Nothing but replays comes through it. */
export async function prepareFlows(guest: Guest): Promise<void> {
  await guest.run('cat >/tmp/flows', { input: packets() });
  await guest.run('cat >/tmp/replay.pl', { input: replayer });
  await guest.run(
    `modprobe tun
     ip tuntap add tun0 mode tun multi_queue
     mkfifo /tmp/replay
     setsid perl /tmp/replay.pl </dev/null >/tmp/replayed 2>&1 &
     for i in $(seq 100); do grep -q ready /tmp/replayed && break; sleep 0.1; done
     cat /tmp/replayed
     ip link set tun0 addrgenmode none 2>/dev/null
     ip link set tun0 up`,
  );
}

/** A command that sends all packets once, and waits until they were taken. */
export const replay = `
  before=$(grep -c replayed /tmp/replayed); echo >/tmp/replay
  until [ $(grep -c replayed /tmp/replayed) -gt $before ]; do sleep 0.05; done`;
