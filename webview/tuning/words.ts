import type { Remark, RemarkId } from '../../shared/masks/lint';
import type { Typed } from '../../shared/masks/typed';
import type {
  GuardedWrite,
  HistoryEntry,
  KeepForm,
  KeepNote,
  RevertReason,
} from '../../shared/messages/tuning';
import type { Source } from './source';

type Bad = Extract<Typed, { kind: 'bad' }>;
type RemarkWords = Readonly<
  Record<RemarkId, (values: Remark['values']) => { readonly what: string; readonly why: string }>
>;

const quoted = ({ piece }: Bad) => (piece.length > 24 ? `“${piece.slice(0, 24)}…”` : `“${piece}”`);

function typedEnglish(bad: Bad): string {
  switch (bad.reason) {
    case 'empty':
      return 'A mask needs at least one digit; 0 turns RPS off.';
    case 'prefix':
      return 'Write the mask without 0x: the kernel refuses that.';
    case 'syntax':
      return bad.form === 'mask'
        ? `${quoted(bad)} is no part of a mask: only 0-9 and a-f, with commas between groups of 32 bits.`
        : `${quoted(bad)} is no part of a list of CPUs, such as 0-3,8.`;
    case 'order':
      return `${quoted(bad)} ends before it begins.`;
    case 'range':
      return `${quoted(bad)} goes beyond what any kernel knows.`;
    case 'chunk':
      return `${quoted(bad)} has more than 8 digits: the kernel refuses groups of more than 32 bits. Put a comma before every 8 digits, counted from the right.`;
  }
}

const remarksEnglish: RemarkWords = {
  missing: ({ cpus = '' }) => ({
    what: `This host has no CPU ${cpus}.`,
    why: 'The kernel refuses a mask that is too wide, and drops CPUs that are not there.',
  }),
  offline: ({ cpus = '' }) => ({
    what: `The kernel drops CPU ${cpus}: offline.`,
    why: 'It keeps what is online at the time of the write, and does not take the others in later.',
  }),
  nothingOnline: ({ cpus = '' }) => ({
    what: `Nothing is left of this mask: CPU ${cpus} is offline.`,
    why: 'The kernel drops CPUs that are offline, which turns RPS off on this queue.',
  }),
  dropped: ({ cpus = '' }) => ({
    what: `The kernel drops CPU ${cpus}: set apart by isolcpus= or nohz_full=.`,
    why: 'Since Linux 5.10 it keeps no CPUs in a mask that its command line sets apart for other work.',
  }),
  refused: ({ cpus = '' }) => ({
    what: `The kernel refuses this mask: isolcpus= or nohz_full= sets CPU ${cpus} apart.`,
    why: 'Since Linux 5.10 it takes no mask of such CPUs only. Name at least one other CPU.',
  }),
  isolated: ({ cpus = '' }) => ({
    what: `CPU ${cpus} is isolated, and the kernel keeps it in the mask.`,
    why: 'A cpuset partition keeps it free for one program, which steered packets disturb. Leave it out.',
  }),
  noEffect: ({ device = '', kind = '' }) => ({
    what: `A mask on ${device} has hardly any effect: it is of the kind ${kind}.`,
    why: 'Packets are steered where they arrive, at the device below. Set the mask there. Here it steers only what devices of this host send each other, and copies of broadcasts and multicasts.',
  }),
  oneCpu: ({ cpus = '' }) => ({
    what: `Everything goes to CPU ${cpus}.`,
    why: 'One CPU spreads nothing: packets only move, at the price of an interrupt between CPUs.',
  }),
  crossesNodes: ({ cpus = '', node = '', device = '' }) => ({
    what: `CPU ${cpus} is on another node than ${device} (node ${node}).`,
    why: 'Packets that cross nodes are read from memory that is farther away, by a CPU that shares no cache.',
  }),
  severalNodes: ({ nodes = '', device = '' }) => ({
    what: `The mask spans ${nodes} nodes.`,
    why: `${device} is on no node itself; packets that cross nodes are read from memory that is farther away.`,
  }),
  irqCpuSaturated: ({ cpus = '' }) => ({
    what: `The interrupts go to CPU ${cpus}, which is saturated.`,
    why: 'It has no time left for the packets that the mask keeps there. Leave it out.',
  }),
  irqCpu: ({ cpus = '' }) => ({
    what: `The interrupts go to CPU ${cpus}, too.`,
    why: 'It takes packets in and gets its share of them; when it runs out of time, leave it out.',
  }),
  rssCovers: ({ device = '', queues = '' }) => ({
    what: `The ${queues} hardware queues of ${device} reach all of these CPUs already.`,
    why: 'RSS has spread the packets by the time RPS sees them. Spreading them once more costs interrupts between CPUs and gains little.',
  }),
  siblings: ({ threads = '', cores = '' }) => ({
    what: `These ${threads} CPUs are ${cores} cores.`,
    why: 'SMT siblings share a core, so that both together do less than two cores.',
  }),
  rfs: () => ({
    what: 'RFS is on here and comes first.',
    why: 'Packets that RFS steers to their application’s CPU stay there, whatever the mask says.',
  }),
  off: () => ({
    what: 'RPS is off with this mask.',
    why: 'Packets stay on the CPU where they arrive.',
  }),
};

/** What the tuning view says, in English. */
export const tuningEnglish = {
  title: 'Tuning',
  recording: 'Masks can be tuned while a host is traced, not in a recording.',
  chooseFirst: 'Choose one or several queues to try other masks on them.',
  tune: (what: string) => `Tune ${what}…`,
  tuneAny: 'Tune masks…',
  /** A list of CPUs and the same as a mask. */
  both: (list: string, mask: string) => `${list} · ${mask}`,
  noCpu: 'none',
  unknown: '–',
  differ: 'differs by queue',
  queuesOf: (name: string, queues: string) => `${name} rx-${queues}`,
  onQueues: (queues: string) => ` (${queues})`,
  maskOn: (queues: string, mask: string) => `${queues}: ${mask}`,
  queues: {
    title: 'Queues',
    find: 'Filter interfaces',
    count: (chosen: string, all: string) => `${chosen} of ${all} chosen`,
    gone: (count: string) => `, ${count} gone`,
    number: (count: number) => (count === 1 ? '1 queue' : `${count} queues`),
    differ: 'masks differ',
    off: 'off',
    rx: (queue: number) => `rx-${queue}`,
    irq: (cpus: string) => `IRQ → CPU ${cpus}`,
    unfold: (name: string) => `Queues of ${name}`,
  },
  picture: {
    title: (name: string) => `CPUs of ${name}`,
    name: (name: string) => `CPUs of ${name}: arrow keys move, Space takes a CPU in or out`,
    node: (node: number) => `node ${node}`,
    cache: (cpu: number) => `cache of CPU ${cpu}`,
    all: (name: string) => `Take all CPUs in or out: ${name}`,
    offline: 'offline',
    isolated: 'isolated',
    dropped: 'dropped from masks by the kernel',
    irq: 'takes the interrupt',
  },
  legend: {
    chosen: 'in the mask',
    mixed: 'in the masks of some queues',
    irq: 'takes the interrupt',
    isolated: 'isolated',
    dropped: 'dropped from masks by the kernel',
    offline: 'offline',
  },
  candidates: 'Candidates',
  add: 'Add Candidate',
  candidate: (letter: string) => `Candidate ${letter}`,
  /** A button of one candidate, for a screen reader. */
  withCandidate: (label: string, letter: string) => `${label} (Candidate ${letter})`,
  pick: 'Show this candidate in the picture',
  remove: (letter: string) => `Remove candidate ${letter}`,
  applyThis: 'Apply…',
  keepThis: 'Make It Last…',
  source: {
    name: 'Preset',
    options: {
      custom: 'Custom',
      now: 'As it was',
      nodeLocal: 'Node-local',
      nodeLocalNoIrq: 'Node-local without the IRQ’s CPU',
      onePerCore: 'One thread per core',
      housekeeping: 'Housekeeping CPUs',
      all: 'All CPUs',
      off: 'Off',
    } satisfies Record<Source, string> as Record<Source, string>,
  },
  field: {
    list: { name: 'CPUs', title: 'A list of CPUs, such as 0-3,8; empty turns RPS off' },
    mask: { name: 'Mask', title: 'A mask as rps_cpus takes it: hexadecimal, a comma before every 8 digits' },
  },
  typed: typedEnglish,
  remark: remarksEnglish,
  prediction: {
    title: 'Prediction',
    name: 'Real and predicted rates by CPU',
    predict: 'Predict',
    again: 'Predict Again',
    stop: 'Stop Predicting',
    none: 'The kernel can evaluate these masks on live traffic without writing them.',
    waiting: 'Waiting for the host…',
    refused: (error: string) => `This host cannot predict: ${error}`,
    notAsked:
      'RPS and RFS are off everywhere on this host, so that the kernel asks for no packet’s CPU and there is nothing to predict from. Apply a mask on one queue first.',
    since: (span: string, skbs: string) => `for ${span}, ${skbs} skbs`,
    floor: (part: string) => `No mask gets below ${part} on one CPU: that is the largest flow.`,
    flow: (part: string) => `RFS steers ${part} of them, under any mask alike.`,
    uncertain: (part: string) =>
      `Where RPS is off today, the prediction rests on the hash that a packet carries: it is certain for ${part} of them.`,
    lost: (lost: string) => `${lost} decisions could not be predicted for want of room.`,
    real: 'real',
  },
  rateUnit: 'skbs/s',
  summary: {
    busiest: { name: 'busiest', title: 'The CPU that gets most, and its share' },
    imbalance: { name: 'imbalance', title: 'What the busiest CPU gets over the mean: 1 is perfectly even' },
    crossNode: { name: 'cross-node', title: 'Share that leaves the NUMA node where it arrived' },
    certain: { name: 'certain', title: 'Share of the packets whose hash is known, so that this is exact' },
  },
  busiest: (cpu: string, part: string) => `${cpu}: ${part}`,
  times: (factor: string) => `${factor} × mean`,
  writes: {
    name: 'Writes',
    column: { command: 'Write', before: 'Before', kept: 'Kernel will keep', now: 'Now' },
    inNamespace: (name: string) => `in namespace ${name}`,
    conflict: (left: string, now: string) =>
      `Somebody has changed it since: it was left at ${left} and is ${now} now.`,
    dropped: 'the kernel drops some of it',
    unexpected: (kept: string) => `expected ${kept}`,
    state: {
      untouched: 'not written',
      unsure: 'written, not read back yet',
      written: 'written and read back',
      restored: 'taken back',
      left: 'changed by somebody else, left alone',
      gone: 'the queue is gone',
    } satisfies Record<GuardedWrite['state'], string> as Record<GuardedWrite['state'], string>,
  },
  apply: {
    title: 'Apply',
    idle: 'Nothing is under way. “Apply…” shows what would be written and asks before it is.',
    previewing: 'Asking the host whether this can be written…',
    previewed: (count: string) =>
      count === '1' ? 'This is what would be written:' : `These ${count} files would be written:`,
    nothing: 'All of these queues have these masks already.',
    gone: (queues: string) => `Not on this host any more: ${queues}.`,
    within: 'Taken back unless kept within',
    seconds: 's',
    overwrite: 'Also overwrite what somebody else has changed',
    write: 'Write…',
    cancel: 'Cancel',
    applying: 'Writing, and reading back…',
    applied: 'Written.',
    waits: 'masks are written and wait to be kept',
    left: (left: string) => `Taken back in ${left} s unless you keep it.`,
    confirm: 'Keep',
    revert: 'Revert Now',
    confirmed: 'Kept, until the host restarts.',
    changed: 'Somebody else has changed masks before they were kept; the list shows which.',
    reverted: {
      asked: 'Taken back, as you asked.',
      time: 'Taken back: nobody kept it in time.',
      ended: 'Taken back: the connection to the host, or its guard, ended.',
    } satisfies Record<RevertReason, string> as Record<RevertReason, string>,
    others: 'What somebody else has changed since, or what is gone, was left alone.',
    lost: (left: string) => `The guard on the host takes the masks back by itself within ${left} s.`,
    failed: 'Everything is as it was found.',
    done: 'Done',
  },
  proof: {
    title: 'Proof',
    name: 'Before, predicted and after',
    before: 'before',
    predicted: 'predicted',
    after: 'after',
    over: (span: string) => `On the queues that were written, over ${span} since.`,
    waiting: 'Counting what comes after…',
  },
  keep: {
    title: 'Make It Last',
    text: 'Masks are gone after a restart. These texts, put on the host by you, set them again.',
    form: 'Form',
    forms: {
      systemd: 'systemd.link',
      udev: 'udev rule',
      networkManager: 'NetworkManager',
      script: 'Script',
    } satisfies Record<KeepForm, string> as Record<KeepForm, string>,
    mode: (mode: string) => `mode ${mode}`,
    copy: (path: string) => `Copy ${path}`,
    none: 'These masks cannot be written in this form.',
    note: {
      systemd256: 'Takes systemd 256 or newer.',
      sameForAll:
        'It knows one mask for all queues of an interface: interfaces whose queues differ are left out.',
      namespacesOut: 'Interfaces in network namespaces are left out.',
      namelessOut: 'Interfaces whose name or namespace does not last are left out.',
    } satisfies Record<KeepNote, string> as Record<KeepNote, string>,
  },
  history: {
    title: 'History of this host',
    empty: 'Nothing has been applied here yet.',
    outcome: {
      open: 'under way',
      confirmed: 'kept',
      reverted: 'taken back',
      failed: 'failed',
      unknown: 'not known how it ended',
    } satisfies Record<HistoryEntry['outcome'], string> as Record<HistoryEntry['outcome'], string>,
    takenBack: 'kept, later taken back',
    reverts: 'took another one back',
    revert: 'Revert…',
    write: (queue: string, before: string, after: string) => `${queue}: ${before} → ${after}`,
  },
};
