#!/bin/bash
# Mixed traffic for people to look at: `traffic.sh start SECONDS`, `traffic.sh stop`. Runs as root, in a guest.
#
# Three namespaces hang on the bridge br0 by veth pairs with two queues each: app (the clients), web and db (servers).
# Rates are low and fixed, because an emulated CPU forwards only a few thousand packets a second.
set -u
pids=/run/traffic.pids

hosts=(app:2 web:3 db:4)

# Masks show the cases: everywhere, one node, one queue per node, a mask that reaches over to the other node, none.
masks() { # NAMESPACE DEVICE MASK-OF-RX-0 MASK-OF-RX-1
  local path=/sys/class/net/$2/queues write='echo "$0" >"$1"'
  local in=(); [ "$1" = - ] || in=(ip netns exec "$1")
  "${in[@]}" sh -c "$write" "$3" "$path/rx-0/rps_cpus"
  [ $# -lt 4 ] || "${in[@]}" sh -c "$write" "$4" "$path/rx-1/rps_cpus"
}

network() {
  ip link add br0 type bridge
  ip addr add 10.77.0.1/24 dev br0
  ip -6 addr add fd77::1/64 dev br0 nodad
  ip link set br0 up
  for host in "${hosts[@]}"; do
    local name=${host%:*} number=${host#*:}
    ip netns add "$name"
    ip link add "veth-$name" numrxqueues 2 numtxqueues 2 type veth \
      peer name eth0 numrxqueues 2 numtxqueues 2 netns "$name"
    ip link set "veth-$name" master br0 up
    ip -n "$name" addr add "10.77.0.$number/24" dev eth0
    ip -n "$name" -6 addr add "fd77::$number/64" dev eth0 nodad
    ip -n "$name" link set eth0 up
    ip -n "$name" link set lo up
  done
  masks - lo f
  masks - eth0 c
  masks - veth-app f f
  masks - veth-web 3 c
  masks app eth0 f 6
  masks web eth0 f f
}

background() { # COMMAND...: for at most $seconds
  timeout "$seconds" "$@" </dev/null >/dev/null 2>&1 &
  echo $! >>"$pids"
}

port=5200
flow() { # CLIENT-NAMESPACE SERVER-NAMESPACE ADDRESS CPU IPERF-OPTIONS...
  local client=(ip netns exec "$1") server=(ip netns exec "$2") address=$3 cpu=$4
  [ "$1" != - ] || client=()
  [ "$2" != - ] || server=()
  shift 4
  port=$((port + 1))
  background "${server[@]}" iperf3 -s -p "$port" -A $((3 - cpu))
  background "${client[@]}" sh -c 'until iperf3 "$@"; do sleep 1; done' - \
    -c "$address" -p "$port" -A "$cpu" -t "$seconds" "$@"
}

traffic() {
  flow app web 10.77.0.3 0 -P 3 -b 400K -l 2000
  flow app web fd77::3 1 -P 3 -b 100K -l 500 -u
  flow app db 10.77.0.4 2 -P 3 -b 100K -l 500 -u
  flow - web fd77::3 3 -P 3 -b 400K -l 2000
  flow - - 127.0.0.1 1 -P 4 -b 100K -l 1000 -u
  flow - - ::1 2 -P 3 -b 200K -l 2000
  background ping -q -i 0.05 10.77.0.4
  background ip netns exec db ping -q -i 0.05 fd77::3
}

stop() {
  if [ -f "$pids" ]; then
    # Each is a `timeout`, which leads a process group and hands the signal on to it.
    local groups
    groups=$(paste -sd, "$pids")
    pkill -TERM -g "$groups"
    for _ in {1..50}; do
      pgrep -g "$groups" >/dev/null || break
      sleep 0.2
    done
    pkill -KILL -g "$groups"
    rm "$pids"
  fi
  for host in "${hosts[@]}"; do ip netns del "${host%:*}" 2>/dev/null; done
  ip link del br0 2>/dev/null
  masks - lo 0
  masks - eth0 0
}

case ${1-} in
start)
  seconds=$2
  stop
  set -e
  network
  traffic
  ;;
stop) stop ;;
*)
  echo "usage: $0 start SECONDS | stop" >&2
  exit 2
  ;;
esac
