# Traffic for the doctor's findings, sourced by a shell in a guest, as root.
# A veth pair: what `send` sends into d0 comes in at d1, where RPS decides.

queues() { echo /sys/class/net/"$1"/queues/rx-*; }

steer() { # DEVICE MASK
  for queue in $(queues "$1"); do echo "$2" >"$queue/rps_cpus"; done
}

cable() {
  modprobe pktgen
  ip link add d0 address 02:00:00:00:00:0a type veth peer name d1 address 02:00:00:00:00:0b
  for device in d0 d1; do
    sysctl -qw net.ipv6.conf.$device.disable_ipv6=1
    ip link set $device up
  done
}

pktgen() { echo "$2" >/proc/net/pktgen/"$1"; }

# Sends small packets, as if to this host, from one CPU until `quiet`: `flows` is 1 or more, `delay` in nanoseconds.
send() { # CPU FLOWS DELAY
  pktgen "kpktgend_$1" rem_device_all
  pktgen "kpktgend_$1" 'add_device d0'
  for setting in 'count 0' "delay $3" 'clone_skb 0' 'pkt_size 60' 'dst_mac 02:00:00:00:00:0b' 'dst 10.9.0.1' \
    'udp_src_min 1000' "udp_src_max $((1000 + $2))" 'flag UDPSRC_RND'; do
    pktgen d0 "$setting"
  done
  (echo start >/proc/net/pktgen/pgctrl) 2>/dev/null &
}

quiet() {
  pktgen pgctrl stop
  wait
  for thread in /proc/net/pktgen/kpktgend_*; do echo rem_device_all >"$thread"; done
}
