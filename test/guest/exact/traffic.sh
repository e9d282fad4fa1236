#!/bin/bash
# Traffic of every kind with a known outcome: `traffic.sh prepare`, then `traffic.sh send` while a loader
# counts, then `traffic.sh end`. Runs as root, in a guest. `send` prints what must have been counted:
# "netns ifindex instance skbs segments bytes", a line for each device.
#
# Every veth device has the same ifindex, in a namespace of its own. It records no receive queue: the kernel takes the
# queue that the other end sent on, minus 1. With three there, two are used here.
set -eu
index=77
pairs=(plain six tagged large)
packets=12500
folder=$(dirname "$0")

netns() { stat -L -c %i "/run/netns/$1"; }
within() { ip netns exec "$@"; }

# What tells a device from others that had its number: the low 29 bits of the inode of its directory.
instance() { # NAMESPACE DEVICE
  local inode; inode=$(within "$1" stat -L -c %i "/sys/class/net/$2")
  echo $((inode & 0x1fffffff))
}

namespace() {
  ip netns add "$1"
  # The stack's own packets for address discovery would come at any time.
  within "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

pair() { # NAME: devices v in the new namespaces NAME-a and NAME-b
  namespace "$1-a"
  namespace "$1-b"
  cable "$1"
}

cable() { # NAME: devices v in the namespaces NAME-a and NAME-b
  ip link add v index $index netns "$1-a" address 02:00:00:00:00:0a numrxqueues 3 numtxqueues 3 type veth \
    peer name v index $index netns "$1-b" address 02:00:00:00:00:0b numrxqueues 3 numtxqueues 3
  for side in a b; do
    steer "$1-$side" v f
    ip -n "$1-$side" link set v up
  done
}

steer() { # NAMESPACE DEVICE MASK
  within "$1" sh -c 'for queue in /sys/class/net/$0/queues/rx-*; do echo "$1" >$queue/rps_cpus; done' "$2" "$3"
}

neighbours() { # NAME DEVICE NET: addresses without ARP
  ip -n "$1-a" addr add "$3.1/24" dev "$2"
  ip -n "$1-b" addr add "$3.2/24" dev "$2"
  ip -n "$1-a" neigh replace "$3.2" lladdr 02:00:00:00:00:0b nud permanent dev "$2"
  ip -n "$1-b" neigh replace "$3.1" lladdr 02:00:00:00:00:0a nud permanent dev "$2"
}

generator() { # NAME SIDE OTHER-SIDE CPU SETTING...: prepares pktgen in NAME-SIDE
  local namespace=$1-$2 other=$3 cpu=$4
  shift 4
  within "$namespace" bash -c '
    echo "add_device v" >/proc/net/pktgen/kpktgend_$0
    for setting in "count $1" "clone_skb 0" "delay 0" "dst_mac 02:00:00:00:00:0$2" "flag UDPSRC_RND" \
      "udp_src_min 1000" "udp_src_max 9000" "queue_map_min 0" "queue_map_max 2" "${@:3}"; do
      echo "$setting" >/proc/net/pktgen/v
    done' "$cpu" "$packets" "$other" "$@"
}

prepare() {
  modprobe -a veth 8021q tun dummy pktgen
  sysctl -qw net.core.netdev_max_backlog=100000
  for name in "${pairs[@]}" tcp; do pair "$name"; done
  steer large-b v 0 # nobody decides here
  local cpu=0
  for side in a b; do
    local other=b; [ $side = a ] || other=a
    generator plain $side $other 0 "pkt_size 60" "dst 10.1.0.9"
    generator six $side $other 1 "pkt_size 90" "dst6 fd00::9" "src6 fd00::1"
    generator tagged $side $other 2 "pkt_size 100" "dst 10.1.0.9" "vlan_id 5"
    generator large $side $other 3 "pkt_size 1400" "dst 10.1.0.9"
  done
  # A tag that the device adds: it stays beside the packet.
  for side in a b; do
    ip -n "plain-$side" link add link v name tag type vlan id 7
    ip -n "plain-$side" link set tag up
    ethtool_ "plain-$side" txvlan on
  done
  neighbours plain tag 10.2.0
  for side in a b; do
    ethtool_ "tcp-$side" tso off gso off
    ethtool_ "tcp-$side" gro on
  done
  neighbours tcp v 10.3.0
  pair again
  namespace again-c
}

ethtool_() { within "$1" ethtool -K v "${@:2}" >/dev/null 2>&1 || true; }

generate() {
  for name in "${pairs[@]}"; do
    for side in a b; do within "$name-$side" sh -c 'echo start >/proc/net/pktgen/pgctrl' & done
  done
  wait
}

# From a program. Where all of it goes, the kernel splits what is to be split by itself, and counts the pieces.
tunnel() {
  within six-a sh -c '
    ip tuntap add tun0 mode tun vnet_hdr
    echo f >/sys/class/net/tun0/queues/rx-0/rps_cpus
    ip link add pieces type dummy
    ethtool -K pieces tso off gso off tx-udp-segmentation off >/dev/null
    tc qdisc add dev tun0 ingress
    tc filter add dev tun0 parent ffff: matchall action mirred egress redirect dev pieces
    ip link set pieces up
    ip link set tun0 up'
  local sent pieces; sent=($(within six-a perl "$folder/tunnel.pl"))
  for tenth in {1..100}; do
    pieces=$(within six-a cat /sys/class/net/pieces/statistics/tx_packets)
    [ "$pieces" != "${sent[1]}" ] || break
    sleep 0.1
  done
  [ "$pieces" = "${sent[1]}" ] || { echo "sent: ${sent[*]}; the kernel made $pieces pieces" >&2; exit 1; }
  echo "$(netns six-a) $(within six-a cat /sys/class/net/tun0/ifindex) $(instance six-a tun0) ${sent[*]}"
}

# The kernel's own figure, from /proc/net/snmp and its kin: GROUP NAME.
figure() { # NAMESPACE GROUP NAME
  within "$1" awk -v group="$2:" -v name="$3" '
    $1 == group && !seen { for (i = 2; i <= NF; i++) if ($i == name) column = i; seen = 1; next }
    $1 == group { print $column; seen = 0 }' /proc/net/snmp /proc/net/netstat
}

received() { within "$1" cat "/sys/class/net/$2/statistics/rx_packets"; }

pings() { # NAMESPACE DEVICE PACKETS-BEFORE: prints what has arrived since
  within "$1" ping -q -f -c 100 10.4.0.2 >/dev/null
  local now; now=$(($(received "$1" "$2") - $3))
  echo "$(netns "$1") $index $(instance "$1" "$2") $now $now $((now * 84))"
}

# One number, a namespace, and devices that have it one after the other; the first is renamed and moved in between.
reuse() {
  neighbours again v 10.4.0
  within again-a ping -q -f -c 100 10.4.0.2 >/dev/null
  ip -n again-a link set v down
  ip -n again-a link set v name w
  ip -n again-a link set w up
  ip -n again-a neigh replace 10.4.0.2 lladdr 02:00:00:00:00:0b nud permanent dev w
  pings again-a w 0
  local before; before=$(received again-a w)
  ip -n again-a link set w netns again-c
  ip -n again-c addr add 10.4.0.1/24 dev w
  ip -n again-c link set w up
  ip -n again-c neigh replace 10.4.0.2 lladdr 02:00:00:00:00:0b nud permanent dev w
  pings again-c w "$before"
  local all; all=$(received again-b v)
  echo "$(netns again-b) $index $(instance again-b v) $all $all $((all * 84))"
  ip -n again-c link del w
  # On one CPU each takes the place of one before in the kernel's memory, too.
  taskset -p 1 $$ >/dev/null
  for round in 1 2 3; do
    cable again
    neighbours again v 10.4.0
    pings again-a v 0
    all=$(received again-b v)
    echo "$(netns again-b) $index $(instance again-b v) $all $all $((all * 84))"
    ip -n again-a link del v
  done
  taskset -p f $$ >/dev/null
}

send() {
  generate
  reuse
  within plain-a ping -q -f -c 500 10.2.0.2 >/dev/null
  tunnel
  within tcp-b iperf3 -s -1 -D --logfile /dev/null
  sleep 1
  within tcp-a iperf3 -c 10.3.0.2 -n 4M -P 4 >/dev/null
  sleep 1

  for side in a b; do
    # Not every echo is answered: a CPU that is answering one drops the next.
    local echoes=InEchos; [ $side = b ] || echoes=InEchoReps
    local pings; pings=$(figure plain-$side Icmp $echoes)
    echo "$(netns plain-$side) $index $(instance plain-$side v) $((packets + pings)) $((packets + pings)) $((packets * 46 + pings * 84))"
    echo "$(netns six-$side) $index $(instance six-$side v) $packets $packets $((packets * 76))"
    echo "$(netns tagged-$side) $index $(instance tagged-$side v) $packets $packets $((packets * 86))"
    echo "$(netns large-$side) $index $(instance large-$side v) $packets $packets $((packets * 1386))"
    # Nothing is sent in pieces larger than a segment, so the device counts segments before they are merged.
    echo "$(netns tcp-$side) $index $(instance tcp-$side v) $(figure tcp-$side Ip InReceives)" \
      "$(within tcp-$side cat /sys/class/net/v/statistics/rx_packets) $(figure tcp-$side IpExt InOctets)"
  done
}

end() {
  for name in "${pairs[@]}" tcp; do
    for side in a b; do ip netns del "$name-$side"; done
  done
  ip netns del again-a; ip netns del again-b; ip netns del again-c
}

"$1"
