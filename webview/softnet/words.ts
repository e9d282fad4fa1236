/** What the softnet view says, in English. */
export const softnetEnglish = {
  title: 'Softnet',
  name: 'Packets by CPU, from softnet_stat',
  perSecond: '/s',
  offline: 'offline',
  unknown: 'not told',
  waiting: 'Nothing was read from /proc/net/softnet_stat yet.',
  sums: (processed: string, dropped: string, ipis: string) =>
    `${processed} processed, ${dropped} dropped, ${ipis} IPIs a second on all CPUs`,
  sinceBoot: (processed: string, dropped: string, ipis: string) =>
    `${processed} processed, ${dropped} dropped, ${ipis} IPIs since boot on all CPUs`,
  backlogOf: (waiting: string, most: string) => `${waiting} / ${most}`,
  column: {
    cpu: { name: 'CPU' },
    node: { name: 'Node' },
    backlog: { name: 'Backlog', title: 'Packets that wait now, and net.core.netdev_max_backlog' },
    processedRate: {
      name: 'Processed/s',
      title: 'Packets a second taken from this CPU’s backlog or, by NAPI, from a driver',
    },
    droppedRate: { name: 'Dropped/s', title: 'Packets a second lost because this CPU’s backlog was full' },
    squeezedRate: { name: 'Squeezed/s', title: 'Times a second that net_rx_action() stopped with work left' },
    ipisRate: {
      name: 'IPIs/s',
      title: 'Wake-ups a second by another CPU that had steered packets here; one may bring many packets',
    },
    flowLimitRate: {
      name: 'Flow limit/s',
      title:
        'Packets of big flows a second that this CPU, steering them, dropped before the backlog was full',
    },
    processed: { name: 'Processed', title: 'Packets since boot' },
    dropped: { name: 'Dropped', title: 'Packets since boot' },
    squeezed: { name: 'Squeezed', title: 'Times since boot' },
    ipis: { name: 'IPIs', title: 'Wake-ups since boot' },
    flowLimit: { name: 'Flow limit', title: 'Packets since boot' },
  },
};

/** What the softnet view says in Simplified Chinese. */
export const softnetChinese: typeof softnetEnglish = {
  title: 'Softnet',
  name: '各 CPU 的数据包（softnet_stat）',
  perSecond: '/秒',
  offline: '离线',
  unknown: '内核未提供',
  waiting: '尚未读到 /proc/net/softnet_stat。',
  sums: (processed, dropped, ipis) => `所有 CPU 每秒：处理 ${processed}，丢弃 ${dropped}，IPI ${ipis}`,
  sinceBoot: (processed, dropped, ipis) =>
    `所有 CPU 自启动以来：处理 ${processed}，丢弃 ${dropped}，IPI ${ipis}`,
  backlogOf: (waiting, most) => `${waiting} / ${most}`,
  column: {
    cpu: { name: 'CPU' },
    node: { name: '节点' },
    backlog: { name: '积压', title: '此刻等待的数据包数，以及 net.core.netdev_max_backlog' },
    processedRate: { name: '处理/秒', title: '每秒从本 CPU 的积压队列或由 NAPI 从驱动取得的数据包数' },
    droppedRate: { name: '丢弃/秒', title: '每秒因本 CPU 的积压队列已满而丢失的数据包数' },
    squeezedRate: { name: '受限/秒', title: '每秒 net_rx_action() 仍有工作却停止的次数' },
    ipisRate: { name: 'IPI/秒', title: '每秒被转交数据包的其他 CPU 唤醒的次数；一次可能带来多个数据包' },
    flowLimitRate: { name: '流限制/秒', title: '每秒本 CPU 在转交时、积压队列尚未满就丢弃的大流数据包数' },
    processed: { name: '处理', title: '自启动以来的数据包数' },
    dropped: { name: '丢弃', title: '自启动以来的数据包数' },
    squeezed: { name: '受限', title: '自启动以来的次数' },
    ipis: { name: 'IPI', title: '自启动以来的唤醒次数' },
    flowLimit: { name: '流限制', title: '自启动以来的数据包数' },
  },
};
