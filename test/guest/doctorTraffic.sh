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

# Sends small packets, as if to this host, from one CPU until `quiet`, by the first of d0's queues, or also others.
send() { # CPU FLOWS NANOSECONDS-BETWEEN-TWO [LAST-QUEUE]
  pktgen "kpktgend_$1" rem_device_all
  pktgen "kpktgend_$1" 'add_device d0'
  for setting in 'count 0' "delay $3" 'clone_skb 0' 'pkt_size 60' 'dst_mac 02:00:00:00:00:0b' 'dst 10.9.0.1' \
    'udp_src_min 1000' "udp_src_max $((1000 + $2))" 'flag UDPSRC_RND' 'queue_map_min 0' "queue_map_max ${4:-0}"; do
    pktgen d0 "$setting"
  done
  setsid sh -c 'echo start >/proc/net/pktgen/pgctrl' </dev/null >/dev/null 2>&1 &
}

quiet() {
  pktgen pgctrl stop
  for thread in /proc/net/pktgen/kpktgend_*; do echo rem_device_all >"$thread"; done
}

# A host of which there is nothing to say: takes back whatever a case may have done.
well() {
  quiet
  pkill iperf3
  ip link set d1 xdpdrv off
  rmdir /sys/fs/cgroup/apart
  echo 1 >/sys/devices/system/cpu/cpu2/online
  ethtool -L d0 tx 1
  ethtool -L d1 rx 1
  for device in q0 b0 d1.5 d1.up; do ip link del $device; done
  ip link set eth1 down
  sysctl -qw net.core.rps_sock_flow_entries=0 net.core.netdev_max_backlog=1000
  echo 0 >/sys/class/net/d1/queues/rx-0/rps_flow_cnt
  steer d0 0
  steer d1 3
  steer eth0 3
} 2>/dev/null

# Leads the interrupt of each receive queue of a device to the CPU with the queue's number.
spread() { # DEVICE
  local irq number host
  for irq in $(ls "/sys/class/net/$1/device/msi_irqs"); do
    number=$(sed -n "s/.*$1-rxtx-\([0-9]*\).*/\1/p" "/sys/kernel/irq/$irq/actions")
    [ -z "$number" ] || echo "$number" >"/proc/irq/$irq/smp_affinity_list"
  done
  # An interrupt moves when it comes the next time. What is sent ends in one, of the queue that the address chooses.
  for host in $(seq 100 163); do
    ip neigh replace "10.0.2.$host" lladdr 52:55:0a:00:02:02 dev "$1"
    ping -q -c 1 -W 1 -I "$1" "10.0.2.$host" >/dev/null 2>&1 &
  done
  wait
}
