import type { DeviceKind } from '../../shared/frames/frames';

const kinds: Readonly<Record<DeviceKind, string>> = {
  physical: 'physical',
  loopback: 'loopback',
  veth: 'veth',
  bridge: 'bridge',
  bond: 'bond',
  team: 'team',
  vlan: 'VLAN',
  macvlan: 'macvlan',
  ipvlan: 'ipvlan',
  vrf: 'VRF',
  ifb: 'ifb',
  failover: 'failover',
  tun: 'tun/tap',
  wireguard: 'WireGuard',
  other: 'other',
};

/** What the configuration view says, in English. */
export const configurationEnglish = {
  title: 'Configuration',
  name: 'Receive queues and their CPUs',
  queues: (shown: string, all: string) => (shown === all ? `${all} queues` : `${shown} of ${all} queues`),
  find: 'Filter queues',
  waiting: 'The interfaces of this host are not known yet.',
  none: 'none',
  unknown: 'unknown',
  off: 'off',
  tune: 'Tune…',
  noNode: '–',
  state: { up: 'up', down: 'down', xdp: 'XDP' },
  kind: kinds,
  setting: {
    flowEntries: {
      name: 'rps_sock_flow_entries',
      title: 'Size of the global flow table of RFS; 0: RFS is off (net.core.rps_sock_flow_entries)',
    },
    defaultMask: {
      name: 'rps_default_mask',
      title: 'CPUs in the mask of new queues (net.core.rps_default_mask)',
    },
    maxBacklog: {
      name: 'netdev_max_backlog',
      title: 'Packets that may wait for one CPU (net.core.netdev_max_backlog)',
    },
    budget: {
      name: 'netdev_budget',
      title:
        'Packets, and microseconds, that one net_rx_action() may take (net.core.netdev_budget, netdev_budget_usecs)',
    },
    flowLimit: {
      name: 'flow limit',
      title: 'CPUs that drop packets of big flows early (net.core.flow_limit_cpu_bitmap)',
    },
    isolated: { name: 'isolated CPUs', title: 'CPUs kept free of kernel work; RPS should not name them' },
    offline: { name: 'offline CPUs', title: 'CPUs that are present but switched off' },
  },
  column: {
    interface: { name: 'Interface' },
    namespace: { name: 'Namespace' },
    kind: { name: 'Kind' },
    node: { name: 'Node', title: 'NUMA node of the hardware' },
    state: { name: 'State', title: 'Set up or not; XDP: a program sees packets before RPS does' },
    queue: { name: 'Queue', title: 'Receive queue: rx-N' },
    cpus: { name: 'RPS CPUs', title: 'rps_cpus as a list of CPUs' },
    mask: { name: 'Mask', title: 'rps_cpus as it is written' },
    flows: {
      name: 'Flow entries',
      title: 'rps_flow_cnt: size of this queue’s flow table; 0: no RFS on this queue',
    },
    irq: { name: 'IRQ', title: 'The interrupt that brings this queue’s packets' },
    irqCpus: { name: 'IRQ CPUs', title: 'Where that interrupt goes: its effective affinity' },
    tune: { name: 'Tuning', title: 'Tries other masks on this queue' },
  },
};

/** What the configuration view says in Simplified Chinese. */
export const configurationChinese: typeof configurationEnglish = {
  title: '配置',
  name: '接收队列及其 CPU',
  queues: (shown, all) => (shown === all ? `${all} 个队列` : `${shown} / ${all} 个队列`),
  find: '筛选队列',
  waiting: '尚不清楚此主机的网络接口。',
  none: '无',
  unknown: '未知',
  off: '关闭',
  tune: '调优…',
  noNode: '–',
  state: { up: '启用', down: '停用', xdp: 'XDP' },
  kind: { ...kinds, physical: '物理', loopback: '回环', bridge: '网桥', other: '其他' },
  setting: {
    flowEntries: {
      name: 'rps_sock_flow_entries',
      title: 'RFS 全局流表的大小；0 表示 RFS 关闭（net.core.rps_sock_flow_entries）',
    },
    defaultMask: { name: 'rps_default_mask', title: '新队列掩码中的 CPU（net.core.rps_default_mask）' },
    maxBacklog: {
      name: 'netdev_max_backlog',
      title: '每个 CPU 可等待的数据包数（net.core.netdev_max_backlog）',
    },
    budget: {
      name: 'netdev_budget',
      title: '一次 net_rx_action() 可处理的数据包数和微秒数（net.core.netdev_budget、netdev_budget_usecs）',
    },
    flowLimit: { name: '流限制', title: '提前丢弃大流数据包的 CPU（net.core.flow_limit_cpu_bitmap）' },
    isolated: { name: '隔离的 CPU', title: '不承担内核工作的 CPU；RPS 不应指向它们' },
    offline: { name: '离线的 CPU', title: '存在但已关闭的 CPU' },
  },
  column: {
    interface: { name: '接口' },
    namespace: { name: '命名空间' },
    kind: { name: '类型' },
    node: { name: '节点', title: '硬件所在的 NUMA 节点' },
    state: { name: '状态', title: '是否启用；XDP：有程序在 RPS 之前看到数据包' },
    queue: { name: '队列', title: '接收队列 rx-N' },
    cpus: { name: 'RPS CPU', title: '以 CPU 列表表示的 rps_cpus' },
    mask: { name: '掩码', title: '写入形式的 rps_cpus' },
    flows: { name: '流表项', title: 'rps_flow_cnt：此队列流表的大小；0 表示此队列未启用 RFS' },
    irq: { name: '中断', title: '带来此队列数据包的中断' },
    irqCpus: { name: '中断 CPU', title: '该中断的去向：有效亲和性' },
    tune: { name: '调优', title: '在此队列上尝试其他掩码' },
  },
};
