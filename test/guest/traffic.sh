#!/bin/sh
# Real mixed traffic between network namespaces, with RPS on. Light enough for an emulated machine, and over by itself
# after four hours at the latest. Run as root, inside a guest.
set -eu
LAST=14400

ip link add br0 type bridge
ip link set br0 up
ip addr add 10.1.0.1/24 dev br0
ip addr add fd01::1/64 dev br0 nodad

# A namespace of its own for each host, behind a port of the bridge with two rx queues.
number=10
for name in web db client; do
  ip netns add "$name"
  ip link add "$name" numtxqueues 2 numrxqueues 2 type veth peer name eth0 netns "$name" numtxqueues 2 numrxqueues 2
  ip link set "$name" master br0 up
  ip -n "$name" link set lo up
  ip -n "$name" link set eth0 up
  ip -n "$name" addr add "10.1.0.$number/24" dev eth0
  ip -n "$name" addr add "fd01::$number/64" dev eth0 nodad
  number=$((number + 1))
done

# MASK INTERFACE [NAMESPACE]: every rx queue of an interface. Nothing is set on br0 and db, as on most machines.
rps() {
  command="for queue in /sys/class/net/$2/queues/rx-*; do echo $1 >\$queue/rps_cpus; done"
  if [ $# = 3 ]; then ip netns exec "$3" sh -c "$command"; else sh -c "$command"; fi
}
rps f lo
rps f web
rps c client
rps 3 eth0 web
rps e eth0 client

# CPU NAMESPACE COMMAND…: runs a flow's sender on one CPU.
on() {
  cpu=$1 netns=$2
  shift 2
  ip netns exec "$netns" timeout $LAST taskset -c "$cpu" "$@" >/dev/null 2>&1 </dev/null &
}
for name in web db; do
  on 0-3 "$name" iperf3 -s
  on 0-3 "$name" iperf3 -s -p 5202
done
sleep 2
on 0 client iperf3 -c 10.1.0.10 -t $LAST -b 800K -P 3
on 2 client iperf3 -c 10.1.0.10 -p 5202 -u -l 500 -t $LAST -b 150K -P 3
on 1 client iperf3 -c 10.1.0.11 -u -l 300 -t $LAST -b 100K -P 4
on 3 web iperf3 -c fd01::11 -p 5202 -t $LAST -b 500K -P 2
on 1 web ping -q -i 0.02 10.1.0.12
on 3 client ping -q -i 0.05 fd01::10
timeout $LAST taskset -c 3 ping -q -i 0.02 127.0.0.1 >/dev/null 2>&1 </dev/null &
timeout $LAST taskset -c 0 ping -q -i 0.05 10.1.0.11 >/dev/null 2>&1 </dev/null &
