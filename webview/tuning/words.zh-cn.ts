import type { tuningEnglish } from './words';

type Words = typeof tuningEnglish;

const quoted = (piece: string) => (piece.length > 24 ? `“${piece.slice(0, 24)}…”` : `“${piece}”`);

const typed: Words['typed'] = ({ reason, form, piece }) => {
  switch (reason) {
    case 'empty':
      return '掩码至少需要一位数字；0 表示关闭 RPS。';
    case 'prefix':
      return '掩码不要带 0x：内核会拒绝。';
    case 'syntax':
      return form === 'mask'
        ? `${quoted(piece)} 不是掩码的一部分：只能用 0-9 和 a-f，每 32 位之间用逗号分隔。`
        : `${quoted(piece)} 不是 CPU 列表的一部分；列表形如 0-3,8。`;
    case 'order':
      return `${quoted(piece)} 的终点小于起点。`;
    case 'range':
      return `${quoted(piece)} 超出了任何内核支持的范围。`;
    case 'chunk':
      return `${quoted(piece)} 超过 8 位数字：内核拒绝超过 32 位的分组。请从右往左每 8 位数字加一个逗号。`;
  }
};

const remark: Words['remark'] = {
  missing: ({ cpus = '' }) => ({
    what: `此主机没有 CPU ${cpus}。`,
    why: '内核会拒绝过宽的掩码，并丢弃不存在的 CPU。',
  }),
  offline: ({ cpus = '' }) => ({
    what: `内核会丢弃 CPU ${cpus}：已离线。`,
    why: '内核只保留写入时在线的 CPU，之后也不会再加入其余的。',
  }),
  nothingOnline: ({ cpus = '' }) => ({
    what: `此掩码什么也不剩：CPU ${cpus} 已离线。`,
    why: '内核会丢弃离线的 CPU，于是此队列的 RPS 被关闭。',
  }),
  dropped: ({ cpus = '' }) => ({
    what: `内核会丢弃 CPU ${cpus}：由 isolcpus= 或 nohz_full= 划出。`,
    why: '自 Linux 5.10 起，内核不在掩码中保留其命令行为其他工作划出的 CPU。',
  }),
  refused: ({ cpus = '' }) => ({
    what: `内核会拒绝此掩码：CPU ${cpus} 由 isolcpus= 或 nohz_full= 划出。`,
    why: '自 Linux 5.10 起，内核不接受只含此类 CPU 的掩码。请至少再指定一个其他 CPU。',
  }),
  isolated: ({ cpus = '' }) => ({
    what: `CPU ${cpus} 已隔离，而内核会在掩码中保留它。`,
    why: 'cpuset 分区让它专供某个程序使用，转交来的数据包会干扰该程序。请将其排除。',
  }),
  noEffect: ({ device = '', kind = '' }) => ({
    what: `${device} 上的掩码几乎不起作用：它的类型是 ${kind}。`,
    why: '数据包在到达的下层设备上被分发。请在那里设置掩码。此处的掩码只分发本机设备之间互发的数据包，以及广播和组播的副本。',
  }),
  oneCpu: ({ cpus = '' }) => ({
    what: `全部都去往 CPU ${cpus}。`,
    why: '单个 CPU 不会分散任何东西：数据包只是被搬动，代价是 CPU 之间的中断。',
  }),
  crossesNodes: ({ cpus = '', node = '', device = '' }) => ({
    what: `CPU ${cpus} 与 ${device}（节点 ${node}）不在同一节点。`,
    why: '跨节点的数据包要从更远的内存读取，且由不共享缓存的 CPU 处理。',
  }),
  severalNodes: ({ nodes = '', device = '' }) => ({
    what: `掩码跨越 ${nodes} 个节点。`,
    why: `${device} 本身不属于任何节点；跨节点的数据包要从更远的内存读取。`,
  }),
  irqCpuSaturated: ({ cpus = '' }) => ({
    what: `中断去往 CPU ${cpus}，它已饱和。`,
    why: '它没有余力处理掩码留给它的数据包。请排除它。',
  }),
  irqCpu: ({ cpus = '' }) => ({
    what: `中断也去往 CPU ${cpus}。`,
    why: '它既接收数据包，又分到一部分数据包；如果忙不过来，请排除它。',
  }),
  rssCovers: ({ device = '', queues = '' }) => ({
    what: `${device} 的 ${queues} 个硬件队列已能到达所有这些 CPU。`,
    why: 'RPS 看到数据包时，RSS 已经将其分散。再次分散会增加 CPU 之间的中断，收益甚微。',
  }),
  siblings: ({ threads = '', cores = '' }) => ({
    what: `这 ${threads} 个 CPU 是 ${cores} 个核心。`,
    why: 'SMT 同核线程共享一个核心，两者合起来不及两个核心。',
  }),
  rfs: () => ({
    what: '此处 RFS 已启用，并且优先。',
    why: '由 RFS 送往应用所在 CPU 的数据包保持不变，与掩码无关。',
  }),
  off: () => ({
    what: '此掩码会关闭 RPS。',
    why: '数据包留在到达的 CPU 上。',
  }),
};

/** What the tuning view says in Simplified Chinese. */
export const tuningChinese: Words = {
  title: '调优',
  recording: '只能在跟踪主机时调整掩码，录制中不可以。',
  chooseFirst: '请选择一个或多个队列，以便尝试其他掩码。',
  tune: (what) => `调优 ${what}…`,
  tuneAny: '调整掩码…',
  both: (list, mask) => `${list} · ${mask}`,
  noCpu: '无',
  unknown: '–',
  differ: '各队列不同',
  queuesOf: (name, queues) => `${name} rx-${queues}`,
  onQueues: (queues) => `（${queues}）`,
  maskOn: (queues, mask) => `${queues}：${mask}`,
  queues: {
    title: '队列',
    find: '筛选接口',
    count: (chosen, all) => `已选 ${chosen} / ${all}`,
    gone: (count) => `，${count} 个已消失`,
    number: (count) => `${count} 个队列`,
    differ: '掩码不同',
    off: '关闭',
    rx: (queue) => `rx-${queue}`,
    irq: (cpus) => `中断 → CPU ${cpus}`,
    unfold: (name) => `${name} 的队列`,
  },
  picture: {
    title: (name) => `${name}的 CPU`,
    name: (name) => `${name}的 CPU：方向键移动，空格键加入或移除 CPU`,
    node: (node) => `节点 ${node}`,
    cache: (cpu) => `CPU ${cpu} 的缓存`,
    all: (name) => `加入或移除全部 CPU：${name}`,
    offline: '离线',
    isolated: '隔离',
    dropped: '被内核从掩码中丢弃',
    irq: '负责中断',
  },
  legend: {
    chosen: '在掩码中',
    mixed: '在部分队列的掩码中',
    irq: '负责中断',
    isolated: '隔离',
    dropped: '被内核从掩码中丢弃',
    offline: '离线',
  },
  candidates: '候选',
  add: '添加候选',
  candidate: (letter) => `候选 ${letter}`,
  withCandidate: (label, letter) => `${label}（候选 ${letter}）`,
  pick: '在图中显示此候选',
  remove: (letter) => `移除候选 ${letter}`,
  applyThis: '应用…',
  keepThis: '持久保存…',
  source: {
    name: '预设',
    options: {
      custom: '自定义',
      now: '原有掩码',
      nodeLocal: '本节点',
      nodeLocalNoIrq: '本节点，不含中断 CPU',
      onePerCore: '每核心一个线程',
      housekeeping: '非隔离 CPU',
      all: '全部 CPU',
      off: '关闭',
    },
  },
  field: {
    list: { name: 'CPU', title: 'CPU 列表，例如 0-3,8；留空则关闭 RPS' },
    mask: { name: '掩码', title: 'rps_cpus 接受的掩码：十六进制，每 8 位数字前加逗号' },
  },
  typed,
  remark,
  prediction: {
    title: '预测',
    name: '各 CPU 的实际速率与预测速率',
    predict: '预测',
    again: '重新预测',
    stop: '停止预测',
    none: '内核可以在实时流量上评估这些掩码，而不写入它们。',
    waiting: '正在等待主机…',
    refused: (error) => `此主机无法预测：${error}`,
    notAsked:
      '此主机上 RPS 和 RFS 全部关闭，内核不会为任何数据包选择 CPU，因此没有预测的依据。请先在一个队列上应用掩码。',
    since: (span, skbs) => `已 ${span}，${skbs} 个 skb`,
    floor: (part) => `没有掩码能使单个 CPU 低于 ${part}：这是最大的流所占的比例。`,
    flow: (part) => `其中 ${part} 由 RFS 送达，与掩码无关。`,
    uncertain: (part) => `目前 RPS 关闭之处，预测依据数据包自带的哈希：对其中 ${part} 是确定的。`,
    lost: (lost) => `因空间不足，有 ${lost} 次决策无法预测。`,
    real: '实际',
  },
  rateUnit: 'skb/秒',
  summary: {
    busiest: { name: '最繁忙', title: '得到最多的 CPU 及其比例' },
    imbalance: { name: '不均衡度', title: '最繁忙 CPU 与平均值之比：1 表示完全均衡' },
    crossNode: { name: '跨节点', title: '离开到达节点的比例' },
    certain: { name: '确定', title: '哈希已知、因而预测精确的数据包比例' },
  },
  busiest: (cpu, part) => `${cpu}：${part}`,
  times: (factor) => `平均值的 ${factor} 倍`,
  writes: {
    name: '写入',
    column: { command: '写入', before: '之前', kept: '内核将保留', now: '现在' },
    inNamespace: (name) => `命名空间 ${name}`,
    conflict: (left, now) => `此后有人更改过：当时为 ${left}，现在是 ${now}。`,
    dropped: '内核会丢弃其中一部分',
    unexpected: (kept) => `预期为 ${kept}`,
    state: {
      untouched: '未写入',
      unsure: '已写入，尚未读回',
      written: '已写入并读回',
      restored: '已还原',
      left: '已被他人更改，未触碰',
      gone: '队列已消失',
    },
  },
  apply: {
    title: '应用',
    idle: '当前没有操作。“应用…”会先显示将写入的内容，并在写入前询问。',
    previewing: '正在询问主机能否写入…',
    previewed: (count) => `将写入以下 ${count} 个文件：`,
    nothing: '所有这些队列已经是这些掩码。',
    gone: (queues) => `此主机上已不存在：${queues}。`,
    within: '若未保留，则还原，时限',
    seconds: '秒',
    overwrite: '同时覆盖他人的更改',
    write: '写入…',
    cancel: '取消',
    applying: '正在写入并读回…',
    applied: '已写入。',
    waits: '掩码已写入，等待保留',
    left: (left) => `若不保留，将在 ${left} 秒后还原。`,
    confirm: '保留',
    revert: '立即还原',
    confirmed: '已保留，直到主机重启。',
    changed: '在保留之前，有人更改了掩码；列表中标出了哪些。',
    reverted: {
      asked: '已按要求还原。',
      time: '已还原：没有人及时保留。',
      ended: '已还原：与主机的连接或守护程序已结束。',
    },
    others: '此后被他人更改或已消失的队列未被触碰。',
    lost: (left) => `主机上的守护程序会在 ${left} 秒内自行还原掩码。`,
    failed: '一切保持原样。',
    done: '完成',
  },
  proof: {
    title: '验证',
    name: '之前、预测与之后',
    before: '之前',
    predicted: '预测',
    after: '之后',
    over: (span) => `所写队列在此后 ${span} 内的情况。`,
    waiting: '正在统计之后的情况…',
  },
  keep: {
    title: '持久保存',
    text: '重启后掩码会消失。由您将以下文本放到主机上，即可再次设置。',
    form: '形式',
    forms: {
      systemd: 'systemd.link',
      udev: 'udev 规则',
      networkManager: 'NetworkManager',
      script: '脚本',
    },
    mode: (mode) => `权限 ${mode}`,
    copy: (path) => `复制 ${path}`,
    none: '这些掩码无法用此形式写出。',
    note: {
      systemd256: '需要 systemd 256 或更新版本。',
      sameForAll: '此形式对一个接口的所有队列只有一个掩码：各队列掩码不同的接口已略去。',
      namespacesOut: '网络命名空间中的接口已略去。',
      namelessOut: '名称或命名空间不持久的接口已略去。',
    },
  },
  history: {
    title: '此主机的历史',
    empty: '此处尚未应用过任何更改。',
    outcome: { open: '进行中', confirmed: '已保留', reverted: '已还原', failed: '失败', unknown: '结果未知' },
    takenBack: '曾保留，后已还原',
    reverts: '还原了另一次更改',
    revert: '还原…',
    write: (queue, before, after) => `${queue}：${before} → ${after}`,
  },
};
