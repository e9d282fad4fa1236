import type { HostChoice, Writer } from '../shared/messages/panel';
import { span } from './span';
import type { Masked } from './store/masked';
import { configurationEnglish } from './configuration/words';
import { doctorEnglish } from './doctor/words';
import type { FindingWords } from './doctor/findingWords';
import { softnetEnglish } from './softnet/words';
import { tuningEnglish } from './tuning/words';
import { simplifiedChinese } from './words.zh-cn';

const ofSpan = (seconds: number) => span(seconds, { second: 's', minute: 'min', hour: 'h' });

/** Everything the panel says, in English. Another language is another object of the same type. */
const english = {
  title: 'RPS Trace',
  start: 'Start Tracing…',
  startAgain: 'Start Again',
  resume: 'Resume',
  hostSwitch: 'Host shown',
  /** A host on the list of hosts. */
  hostChoice: (label: string, state: HostChoice['state']) =>
    ({
      idle: label,
      connecting: `${label} (connecting)`,
      tracing: `${label} (tracing)`,
      reading: `${label} (reading only)`,
      stopping: `${label} (stopping)`,
      stopped: `${label} (stopped)`,
      failed: `${label} (failed)`,
    })[state],
  stop: 'Stop',
  cancel: 'Cancel',
  showLog: 'Show Log',
  openInEditor: 'Open in Editor',
  setFilter: 'Set Packet Filter…',
  clearPacketFilter: 'Count every packet again',
  changeScope: (scope: string) => `Only this is counted: ${scope}. Click to change the filter.`,
  onInterfaces: (names: string) => `on ${names}`,
  inNamespace: (name: string) => `in namespace ${name}`,

  state: {
    idle: 'Not tracing',
    connecting: 'Connecting',
    waiting: 'Waiting for traffic',
    tracing: 'Tracing',
    reading: 'Reading only',
    stopping: 'Stopping',
    stopped: 'Stopped',
    failed: 'Failed',
    recording: 'Recording',
  },
  views: {
    name: 'Views',
    traffic: 'Traffic',
    softnet: softnetEnglish.title,
    configuration: configurationEnglish.title,
    doctor: doctorEnglish.title,
    tuning: tuningEnglish.title,
    findings: (count: number) => (count === 1 ? '1 finding' : `${count} findings`),
  },
  softnet: softnetEnglish,
  configuration: configurationEnglish,
  doctor: doctorEnglish,
  tuning: tuningEnglish,
  /** The loader's own words are English. */
  findings: {} as FindingWords,

  idleTitle: 'Which CPU hands packets to which CPU?',
  idleText:
    'RPS Trace counts every decision of the kernel’s get_rps_cpu() on this or another Linux host and shows them here, live. Nothing has to be installed on the host, and nothing stays behind.',
  connectingTitle: (host: string) => `Connecting to ${host}`,
  anyHost: 'the host',
  waitingTitle: 'Tracing. No decision yet.',
  waitingText:
    'The kernel calls get_rps_cpu() only while some queue has a non-empty rps_cpus mask or RFS is on, and only for packets that arrive.',
  waitingScope: (scope: string) => `Only this is counted: ${scope}.`,
  waitingUnknown: 'The interfaces of this host are not known yet.',
  waitingMasked: 'RPS is on here; the first packet that arrives will show:',
  waitingOff: (name: string) =>
    `RPS is off on every queue of every interface. To try it on ${name}, queue 0, as root:`,
  waitingExample: (name: string) => `echo f > /sys/class/net/${name}/queues/rx-0/rps_cpus`,
  masked: ({ name, namespace, queues, cpus }: Masked) =>
    `${name} (${namespace}), queue ${queues} → CPU ${cpus}`,
  more: (count: string) => `and ${count} more`,
  emptyName: 'Why nothing is shown',
  emptyReasons: 'The doctor has looked at this host and found why, or what else stands in the way:',
  readingTitle: 'This host can be read, but not traced',
  readingText:
    'Which CPU hands packets to which stays unknown, because the loader cannot attach to get_rps_cpu() there. Softnet, Configuration and Doctor work without that.',
  readingWhy: (name: string, why: string, hint: string) =>
    `${name}: ${[why, hint].filter(Boolean).join('. ')}`,
  stoppingTitle: 'Stopping the trace',
  stoppedTitle: 'The trace has ended',
  stoppedEmpty: 'No decision was seen.',
  failedTitle: 'The trace failed',
  unreadableTitle: 'The recording cannot be opened',
  problem: (message: string, code: string) => `${message} (${code})`,

  steeredOnly:
    'The kprobe backend sees steered packets only: those that stay on their CPU, or go to none, are not counted.',
  missed: (missed: string, lost: string) =>
    `Not everything was counted: ${missed} decisions missed, ${lost} lost for want of room.`,
  badLines: (lines: string) =>
    lines === '1'
      ? '1 line of the loader could not be read and was left out.'
      : `${lines} lines of the loader could not be read and were left out.`,
  full: (rows: string) =>
    `The table holds ${rows} rows, the most that it can: other rows are left out. Start the trace again to count them.`,

  facts: (backend: string, kernel: string, arch: string, cpus: string, nodes: string) =>
    `${backend === 'none' ? 'no backend' : backend} on ${kernel}, ${arch}, ${cpus} CPUs, ${nodes} NUMA nodes`,

  figures: {
    rate: { name: 'decisions/s', title: 'Decisions of get_rps_cpu() a second: one for each skb, after GRO' },
    total: {
      name: 'decisions',
      title: 'Decisions of get_rps_cpu() since the start: one for each skb, after GRO',
    },
    steered: { name: 'steered', title: 'Share of decisions that named another CPU' },
    self: { name: 'same CPU', title: 'Share of decisions that named the CPU where the skb already was' },
    none: { name: 'none', title: 'Share of decisions that named no CPU (-1)' },
    crossNode: { name: 'cross-node', title: 'Share of decisions that named a CPU of another NUMA node' },
    imbalance: {
      name: 'imbalance',
      title:
        'Decisions for the busiest target CPU over the mean of all CPUs that may be targets: online and in some rps_cpus mask, or a target since the start. 1 is perfectly even.',
    },
    ipi: {
      name: 'skbs/IPI',
      title: 'Steered skbs for each wake-up of another CPU (IPI): more is cheaper. From softnet_stat',
    },
    drops: {
      name: 'drops/s',
      title: 'Packets a second lost because a CPU’s backlog was full, from softnet_stat',
    },
    cost: { name: 'ns/decision', title: 'The tracer’s own cost: CPU time a decision, in nanoseconds' },
  },

  imbalance: (cpu: string, factor: string) => `${cpu}: ${factor} × mean`,

  matrixTitle: 'Current CPU ↓  Target CPU →',
  matrixName: 'Decisions by current and target CPU',
  matrixSummary: (cpus: string, total: string, busiest: string) =>
    `Heat map of ${cpus} current CPUs by ${cpus} target CPUs and none. ${total}. ${busiest} Arrow keys move the cursor; Enter filters the table by the cell, R by its row, C by its column; Escape clears.`,
  busiest: (cell: string, value: string) => `Busiest: ${cell}, ${value}.`,
  allZero: 'All cells are 0.',
  measure: { name: 'Values', rate: 'Rate', total: 'Total' },
  scale: { name: 'Colour scale', linear: 'Linear', log: 'Log' },
  unit: { rate: 'skbs/s', total: 'skbs' },
  node: (node: number | undefined) => (node === undefined ? 'node ?' : `node ${node}`),
  shortNode: (node: number | undefined) => (node === undefined ? '?' : String(node)),
  none: 'none',
  cpu: (id: number) => `CPU ${id}`,
  cell: (from: string, to: string) => `${from} → ${to}`,
  kind: {
    self: 'same CPU',
    none: 'no CPU named',
    near: 'steered inside the node',
    sibling: 'steered to the SMT sibling',
    cache: 'steered inside the last-level cache',
    far: 'steered to another node',
    steered: 'steered',
  },
  tip: {
    from: 'Current',
    to: 'Target',
    rate: 'Rate',
    total: 'Total',
    share: 'Share of all',
    fromSum: (cpu: string) => `All from ${cpu}`,
    toSum: (cpu: string) => `All to ${cpu}`,
  },

  pane: { name: 'Shown', matrix: 'Matrix', time: 'Over time' },
  chart: {
    title: 'Over time',
    name: 'Decisions per second over time',
    by: {
      name: 'Lines',
      options: { target: 'Target CPU', interface: 'Interface', queue: 'Queue', verdict: 'Verdict' },
    },
    window: 'Window',
    style: 'Drawn as',
    lines: 'Lines',
    stacked: 'Stacked',
    rest: 'others',
    gap: 'nothing was heard',
    how: 'Drag to see what was counted in an interval. By keyboard: Shift and arrow keys, then Enter; Escape goes back.',
    selected: (from: string, to: string) => `selected: ${from} to ${to}`,
    mark: {
      masks: (names: string) => `Masks or flow tables changed: ${names}`,
      applied: (names: string) => `Masks applied from here: ${names}`,
      reverted: (names: string) => `Masks taken back from here: ${names}`,
      came: (names: string) => `New: ${names}`,
      went: (names: string) => `Gone: ${names}`,
    },
    writtenBy: (text: string, writers: string) => `${text}, by ${writers}`,
    writer: ({ name, pid, uid, login }: Writer) =>
      `${name} (pid ${pid}, uid ${uid}${login === undefined || login === uid ? '' : `, logged in as ${login}`})`,
    names: (names: readonly string[], more: number) =>
      names.join(', ') + (more > 0 ? ` and ${more} more` : ''),
    empty: 'nothing yet',
  },
  /** A point in time by its seconds before now, 0 or less. */
  ago: (seconds: number) => (seconds > -0.5 ? 'now' : `−${ofSpan(-seconds)}`),
  duration: ofSpan,
  queueIn: (name: string, namespace: string, queue: string) => `${name} rx-${queue} (${namespace})`,
  linkIn: (name: string, namespace: string) => `${name} (${namespace})`,

  tableTitle: 'Counters',
  tableName: 'Exact counters',
  tableCount: (shown: string) => (shown === '1' ? '1 row' : `${shown} rows`),
  tablePart: (shown: string, all: string) => `${shown} of ${all} rows`,
  anyCpu: 'any CPU',
  find: {
    name: 'Filter rows',
    placeholder: 'Filter',
    title: 'Words of interface, namespace or verdict, or CPU numbers; a row must have all of them',
  },
  group: {
    name: 'Group rows',
    options: { none: 'No groups', interface: 'By interface', queue: 'By queue', target: 'By target CPU' },
  },
  copy: {
    name: 'Copy rows, tab-separated',
    done: (rows: string) => (rows === '1' ? '1 row copied' : `${rows} rows copied`),
    failed: (why: string) => `The rows could not be copied: ${why}`,
  },
  zoom: {
    shown: (from: string, to: string, length: string) => `${from} to ${to} (${length})`,
    back: 'Show what is counted now',
    title: (resolution: string) =>
      `That part of the past is known in steps of ${resolution}. Click to go back to now.`,
    unknown: 'What was counted then is not known any more.',
  },
  clearFilter: (cell: string) => `Show all rows, not only ${cell}`,
  only: (cell: string) => `Only ${cell}`,
  column: {
    interface: 'Interface',
    namespace: 'Namespace',
    queue: 'Queue',
    node: 'Node',
    cpu: 'CPU',
    target: 'Target',
    verdict: 'Verdict',
    rate: 'skbs/s',
    skbs: 'skbs',
    segments: 'Segments',
    bytes: 'Bytes',
  },
  verdict: { map: 'map', flow: 'flow', none: 'none' },
  unknownInterface: (ifindex: number) => `if ${ifindex}`,
  gone: (name: string) => `${name} (gone)`,
  hostNamespace: 'host',
  unknownNode: '?',
};

export type Words = typeof english;

/** VS Code's language, as the page tells it; without a page, as in tests, English. */
const chinese = typeof document === 'object' && document.documentElement.lang.toLowerCase() === 'zh-cn';

/** What the panel says, in the language of VS Code. */
export const words: Words = chinese ? simplifiedChinese : english;

/** The language of `words`, for the numbers among them. */
export const language = chinese ? 'zh-CN' : 'en';
