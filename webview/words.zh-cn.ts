import { span } from './span';
import { configurationChinese } from './configuration/words';
import { doctorChinese } from './doctor/words';
import { findingsChinese } from './doctor/findings.zh-cn';
import { softnetChinese } from './softnet/words';
import type { Words } from './words';

const ofSpan = (seconds: number) => span(seconds, { second: '秒', minute: '分钟', hour: '小时' });

/** What the panel says in Simplified Chinese. */
export const simplifiedChinese: Words = {
  title: 'RPS Trace',
  start: '开始跟踪…',
  startAgain: '重新开始',
  resume: '继续',
  hostSwitch: '显示的主机',
  hostChoice: (label, state) =>
    ({
      idle: label,
      connecting: `${label}（正在连接）`,
      tracing: `${label}（正在跟踪）`,
      stopping: `${label}（正在停止）`,
      stopped: `${label}（已停止）`,
      failed: `${label}（失败）`,
    })[state],
  stop: '停止',
  cancel: '取消',
  showLog: '显示日志',
  openInEditor: '在编辑器中打开',
  setFilter: '设置数据包过滤器…',
  clearPacketFilter: '重新统计所有数据包',
  changeScope: (scope: string) => `只统计：${scope}。单击以更改过滤器。`,
  onInterfaces: (names: string) => `接口 ${names}`,
  inNamespace: (name: string) => `命名空间 ${name}`,

  state: {
    idle: '未跟踪',
    connecting: '正在连接',
    waiting: '等待流量',
    tracing: '正在跟踪',
    reading: '仅可读取',
    stopping: '正在停止',
    stopped: '已停止',
    failed: '失败',
    recording: '录制',
  },
  views: {
    name: '视图',
    traffic: '流量',
    softnet: softnetChinese.title,
    configuration: configurationChinese.title,
    doctor: doctorChinese.title,
    findings: (count) => `${count} 项发现`,
  },
  softnet: softnetChinese,
  configuration: configurationChinese,
  doctor: doctorChinese,
  findings: findingsChinese,

  idleTitle: '哪个 CPU 把数据包交给了哪个 CPU？',
  idleText:
    'RPS Trace 统计本机或其他 Linux 主机上内核 get_rps_cpu() 的每一次决策，并在此实时显示。主机上无需安装任何东西，也不会留下任何东西。',
  connectingTitle: (host) => `正在连接 ${host}`,
  anyHost: '主机',
  waitingTitle: '正在跟踪，尚无决策。',
  waitingText:
    '只有当某个队列的 rps_cpus 掩码非空或启用了 RFS 时，内核才会对到达的数据包调用 get_rps_cpu()。',
  waitingScope: (scope: string) => `只统计：${scope}。`,
  waitingUnknown: '尚不清楚此主机的网络接口。',
  waitingMasked: '此处已启用 RPS，第一个到达的数据包就会显示：',
  waitingOff: '所有接口的所有队列都未启用 RPS。要在 eth0 的队列 0 上试用，请以 root 身份运行：',
  waitingExample: 'echo f > /sys/class/net/eth0/queues/rx-0/rps_cpus',
  masked: ({ name, namespace, queues, cpus }) => `${name}（${namespace}），队列 ${queues} → CPU ${cpus}`,
  more: (count) => `以及另外 ${count} 个`,
  emptyName: '为何没有内容',
  emptyReasons: '诊断已检查此主机，找到了原因或其他妨碍之处：',
  readingTitle: '此主机可以读取，但无法跟踪',
  readingText:
    '内核不允许加载器附加到 get_rps_cpu()，因此无法得知哪个 CPU 把数据包交给了哪个 CPU。“Softnet”、“配置”和“诊断”不受影响。',
  readingWhy: (name, why, hint) => `${name}：${[why, hint].filter(Boolean).join('。')}`,
  stoppingTitle: '正在停止跟踪',
  stoppedTitle: '跟踪已结束',
  stoppedEmpty: '没有观察到任何决策。',
  failedTitle: '跟踪失败',
  unreadableTitle: '无法打开录制文件',
  problem: (message, code) => `${message}（${code}）`,

  steeredOnly: 'kprobe 后端只能看到被转发到其他 CPU 的数据包；留在本 CPU 或没有目标的数据包不计入。',
  missed: (missed, lost) => `并非全部计入：漏掉 ${missed} 次决策，因空间不足丢失 ${lost} 次。`,
  badLines: (lines) => `加载器输出的 ${lines} 行无法读取，已忽略。`,

  facts: (backend, kernel, arch, cpus, nodes) =>
    `${kernel} 上的 ${backend === 'none' ? '无后端' : backend}，${arch}，${cpus} 个 CPU，${nodes} 个 NUMA 节点`,

  figures: {
    rate: { name: '决策/秒', title: '每秒 get_rps_cpu() 决策数：GRO 之后每个 skb 一次' },
    total: { name: '决策', title: '自开始以来 get_rps_cpu() 的决策数：GRO 之后每个 skb 一次' },
    steered: { name: '转交', title: '指定了另一个 CPU 的决策所占比例' },
    self: { name: '同一 CPU', title: '指定了 skb 所在 CPU 的决策所占比例' },
    none: { name: '无', title: '未指定 CPU（-1）的决策所占比例' },
    crossNode: { name: '跨节点', title: '指定了另一个 NUMA 节点的 CPU 的决策所占比例' },
    imbalance: {
      name: '不均衡度',
      title:
        '最繁忙的目标 CPU 的决策数与所有可能成为目标的 CPU 的平均值之比：在线且在某个 rps_cpus 掩码中的 CPU，或自开始以来曾成为目标的 CPU。1 表示完全均衡。',
    },
    cost: { name: '纳秒/决策', title: '跟踪器自身的开销：每次决策的 CPU 时间，单位为纳秒' },
  },
  imbalance: (cpu, factor) => `${cpu}：平均值的 ${factor} 倍`,

  matrixTitle: '当前 CPU ↓  目标 CPU →',
  matrixName: '按当前 CPU 和目标 CPU 统计的决策',
  matrixSummary: (cpus, total, busiest) =>
    `热力图：${cpus} 个当前 CPU × ${cpus} 个目标 CPU 和“无”。${total}。${busiest}方向键移动光标；Enter 按单元格筛选表格，R 按行，C 按列；Esc 清除。`,
  busiest: (cell, value) => `最繁忙：${cell}，${value}。`,
  allZero: '所有单元格均为 0。',
  measure: { name: '数值', rate: '速率', total: '总数' },
  scale: { name: '颜色刻度', linear: '线性', log: '对数' },
  unit: { rate: 'skb/秒', total: 'skb' },
  node: (node) => (node === undefined ? '节点 ?' : `节点 ${node}`),
  shortNode: (node) => (node === undefined ? '?' : String(node)),
  none: '无',
  cpu: (id) => `CPU ${id}`,
  cell: (from, to) => `${from} → ${to}`,
  kind: {
    self: '同一 CPU',
    none: '未指定 CPU',
    near: '转交到节点内',
    far: '转交到另一个节点',
    steered: '转交',
  },
  tip: {
    from: '当前',
    to: '目标',
    rate: '速率',
    total: '总数',
    share: '占全部比例',
    fromSum: (cpu) => `来自 ${cpu} 的全部`,
    toSum: (cpu) => `到 ${cpu} 的全部`,
  },

  pane: { name: '显示', matrix: '矩阵', time: '时间变化' },
  chart: {
    title: '时间变化',
    name: '每秒决策数随时间的变化',
    by: { name: '线条', options: { target: '目标 CPU', interface: '接口', verdict: '判定' } },
    window: '时间窗口',
    style: '绘制方式',
    lines: '折线',
    stacked: '堆叠',
    rest: '其他',
    gap: '没有收到数据',
    empty: '尚无数据',
  },
  ago: (seconds) => (seconds > -0.5 ? '现在' : `−${ofSpan(-seconds)}`),
  duration: ofSpan,
  linkIn: (name, namespace) => `${name}（${namespace}）`,

  tableTitle: '计数器',
  tableName: '精确计数',
  tableCount: (shown) => `${shown} 行`,
  tablePart: (shown, all) => `${shown} / ${all} 行`,
  anyCpu: '任意 CPU',
  find: {
    name: '筛选行',
    placeholder: '筛选',
    title: '接口、命名空间或判定中的文字，或 CPU 编号；行必须包含所有词',
  },
  group: {
    name: '分组',
    options: { none: '不分组', interface: '按接口', queue: '按队列', target: '按目标 CPU' },
  },
  copy: {
    name: '复制各行（制表符分隔）',
    done: (rows) => `已复制 ${rows} 行`,
    failed: (why) => `无法复制：${why}`,
  },
  clearFilter: (cell) => `显示所有行，而不仅是 ${cell}`,
  only: (cell) => `仅 ${cell}`,
  column: {
    interface: '接口',
    namespace: '命名空间',
    queue: '队列',
    node: '节点',
    cpu: 'CPU',
    target: '目标',
    verdict: '判定',
    rate: 'skb/秒',
    skbs: 'skb',
    segments: '分段',
    bytes: '字节',
  },
  verdict: { map: 'map', flow: 'flow', none: '无' },
  unknownInterface: (ifindex) => `接口 ${ifindex}`,
  gone: (name) => `${name}（已移除）`,
  hostNamespace: '主机',
  unknownNode: '?',
};
