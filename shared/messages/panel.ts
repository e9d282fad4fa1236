import type { Backend, Cpu, Device, Finding, Settings, Verdict } from '../frames/frames';
import type { FromExport } from './export';
import type { FromPlayback } from './playback';
import type { Scope } from '../scope';
import type { FromTuning, ToTuning } from './tuning';

/** The wire between the extension host and the webview: one tagged union for each direction. */

/** What identifies a network device. */
export interface DeviceKey {
  readonly netns: number;
  readonly ifindex: number;
  /** Tells devices apart that had this ifindex one after the other. */
  readonly instance: number;
}

/** The same as a text, for maps. */
export const deviceKey = ({ netns, ifindex, instance }: DeviceKey) => `${netns}:${ifindex}:${instance}`;

/** What identifies a counter; a row's place in the snapshot is its number for the rest of the run. */
export interface RowKey extends DeviceKey {
  readonly queue: number;
  readonly cpu: number;
  /** -1: none. */
  readonly target: number;
  readonly verdict: Verdict;
}

/** How many numbers a row has in `totals`, `rates` and `counts`: skbs, segments, bytes, in this order. */
export const VALUES = 3;

/** Whole numbers; of 32 bits each where all of them fit, which most of what a sample counts does. */
export type Amounts = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** What a person is told of a failure. */
export interface ProblemText {
  readonly code: string;
  readonly message: string;
  /** What mends it; may be empty. */
  readonly hint: string;
}

/** Where a trace stands. */
export type TraceState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly step: string }
  | {
      readonly kind: 'tracing';
      /** Why the account cannot become root, so that the host can only be read; absent when it is root. */
      readonly unprivileged?: ProblemText;
    }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped'; readonly reason: string }
  | ({ readonly kind: 'failed' } & ProblemText);

/** What a panel shows: a trace, or a recording of one, which may have been played to its end. */
export type ShownState = TraceState | { readonly kind: 'recording'; readonly ended: boolean };

/** A host that is or was traced in this window. */
export interface HostChoice {
  /** As people call it; no two are the same. */
  readonly label: string;
  /** `reading`: its settings and counters are read, and nothing is traced. */
  readonly state: TraceState['kind'] | 'reading';
}

/** What the loader said of the host and of itself. */
export interface HostFacts {
  /** `none`: this host can be read but not traced. */
  readonly backend: string;
  /** Why the others are not in use; empty when the loader is older than that. */
  readonly backends: readonly Backend[];
  readonly kernel: string;
  readonly arch: string;
  readonly intervalMs: number;
  /** As they are now: a CPU may go offline and come back. */
  readonly cpus: readonly Cpu[];
}

/** The counters of one CPU's softnet_stat, each since boot or each a second. */
export interface SoftnetCounts {
  /** Packets that left the backlog or came straight from a driver. */
  readonly processed: number;
  /** Packets lost because this CPU's backlog was full. */
  readonly dropped: number;
  /** Times net_rx_action() ran out of budget. */
  readonly squeezed: number;
  /** Wake-ups of this CPU by another one that steered packets to it; not packets. */
  readonly ipis: number;
  /** Packets of big flows that this CPU dropped when it steered them to a backlog half full. */
  readonly flowLimit: number;
}

/** What one online CPU did with packets. */
export interface SoftnetCpu {
  readonly cpu: number;
  /** Since boot. */
  readonly totals: SoftnetCounts;
  /** Per second since the reading before; undefined without one, as when the CPU has just come online. */
  readonly rates: SoftnetCounts | undefined;
  /** Packets waiting now; undefined where the kernel does not tell. */
  readonly backlog: number | undefined;
}

/** One reading of all online CPUs. */
export interface Softnet {
  /** When, in seconds of the host's CLOCK_MONOTONIC. */
  readonly at: number;
  readonly cpus: readonly SoftnetCpu[];
}

/** What was not counted, and what counting costs. `runs` and `runNs` are 0 where the kernel keeps no statistics. */
export interface Health {
  readonly missed: number;
  readonly lost: number;
  readonly runs: number;
  readonly runNs: number;
  /** Lines of the loader that were not frames. */
  readonly badLines: number;
  /** There are `MAX_ROWS` rows, and what other ones have counted is left out. */
  readonly full?: boolean;
}

/** What a line of the chart over time stands for. */
export interface SeriesKey {
  readonly by: 'target' | 'interface' | 'queue' | 'verdict';
  /** The target CPU (-1: none), the `deviceKey`, that and `/queue`, or the verdict; `others` for all that found no room. */
  readonly name: string;
}

/** A process that wrote to rps_cpus. */
export interface Writer {
  /** As the process calls itself, made readable. */
  readonly name: string;
  readonly pid: number;
  readonly uid: number;
  /** The account that logged in, where that is known. */
  readonly login?: number;
}

/** Something that changed on the host and may explain a change of its counts. */
export interface Mark {
  /** When it was done, where that is known, or else seen, in seconds of the host's CLOCK_MONOTONIC. */
  readonly at: number;
  /**
   * `masks`: rps_cpus or rps_flow_cnt of some queues was written by somebody else; `applied` and `reverted`: by an apply of
   * this window and by its guard; interfaces came or went.
   */
  readonly what: 'masks' | 'applied' | 'reverted' | 'came' | 'went';
  /** The first few interfaces it was about. */
  readonly names: readonly string[];
  /** How many interfaces it was about. */
  readonly count: number;
  /** Who wrote `masks`, where the kernel tells: the first few, and how many they were. */
  readonly by?: { readonly writers: readonly Writer[]; readonly count: number };
}

/** What was counted in an interval of the past. Times are in seconds of the host's CLOCK_MONOTONIC. */
export interface IntervalCounts {
  /** The interval that is told of: as near to what was asked for as is still known. */
  readonly from: number;
  readonly to: number;
  /** How many seconds of it were heard. */
  readonly seconds: number;
  /** The longest step, in seconds, in which that part of the past is still known. */
  readonly resolution: number;
  /** Numbers of the rows that counted. */
  readonly index: Uint32Array;
  /** `VALUES` numbers for each of `index`. */
  readonly values: Amounts;
}

/** The last hour, summed up. */
export interface HistoryData {
  /** When the points are, in seconds of the host's CLOCK_MONOTONIC, ascending. */
  readonly at: Float64Array;
  /** Decisions per second at each of `at`, over the time since the point before. */
  readonly series: readonly { readonly key: SeriesKey; readonly rates: Float32Array }[];
  /** In the order of time. */
  readonly marks: readonly Mark[];
}

export type ToPanel =
  /** Everything; replaces what the webview held. Sent on `ready` and when another trace comes to the front. */
  | {
      readonly type: 'snapshot';
      /** The host's label, or undefined when nothing was ever traced. */
      readonly host: string | undefined;
      readonly state: ShownState;
      readonly scope: Scope;
      readonly facts: HostFacts | undefined;
      readonly devices: readonly Device[];
      readonly gone?: readonly Device[];
      readonly health: Health;
      /** How many samples are in it: the number of the sample that goes on from here. */
      readonly samples: number;
      readonly keys: readonly RowKey[];
      /** `VALUES` numbers a row, since attach. */
      readonly totals: Float64Array;
      /** `VALUES` numbers a row, per second over the last interval. */
      readonly rates: Float64Array;
      readonly history: HistoryData;
      /** Undefined until the loader has told. */
      readonly softnet: Softnet | undefined;
      readonly settings: Settings | undefined;
      /** Most important first. Empty: nothing is wrong. Undefined: not looked at yet. */
      readonly findings: readonly Finding[] | undefined;
    }
  /** Every host of this window, in the order in which they were first traced; a snapshot says which is in front. */
  | { readonly type: 'hosts'; readonly hosts: readonly HostChoice[] }
  | { readonly type: 'state'; readonly state: ShownState }
  /** What the next start will count; a change under way comes with a snapshot. */
  | { readonly type: 'scope'; readonly scope: Scope }
  | { readonly type: 'facts'; readonly facts: HostFacts }
  /** `gone`: devices that rows name and that the host has no more; absent when there are none. */
  | { readonly type: 'devices'; readonly devices: readonly Device[]; readonly gone?: readonly Device[] }
  | { readonly type: 'health'; readonly health: Health }
  | { readonly type: 'softnet'; readonly softnet: Softnet }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'findings'; readonly findings: readonly Finding[] }
  | { readonly type: 'marks'; readonly marks: readonly Mark[] }
  /** The answer to `interval`; without `counts` nothing is known of that time. */
  | { readonly type: 'interval'; readonly counts: IntervalCounts | undefined }
  /**
   * One sample: the rows named in `index` changed, every other row's rate is 0. It tells what was counted since the sample
   * before, so it means something only to a panel that has seen that one.
   */
  | {
      readonly type: 'sample';
      /** Counts up from 0 in every run. */
      readonly number: number;
      /** Rows seen for the first time; they take the next numbers. */
      readonly added: readonly RowKey[];
      /** Numbers of the changed rows, the added ones among them. */
      readonly index: Uint32Array;
      /** `VALUES` numbers for each of `index`: added to the totals until now they give those of the loader exactly. */
      readonly counts: Amounts;
      /** When they were counted, in seconds of the host's CLOCK_MONOTONIC; undefined when that gives no rates. */
      readonly interval: { readonly end: number; readonly seconds: number } | undefined;
    }
  | ToTuning;

/** What a person did in the webview; `ready` means that it listens, and a second one is a reconnect. */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** Another host is to be shown, by its label. */
  | { readonly type: 'show'; readonly host: string }
  /** What was counted between two moments, in seconds of the host's CLOCK_MONOTONIC? */
  | { readonly type: 'interval'; readonly from: number; readonly to: number }
  | FromPlayback
  | FromExport
  | FromTuning;

export const panelCommands = [
  'start',
  'stop',
  'setFilter',
  'clearFilter',
  'showLog',
  'openInEditor',
  'startRecording',
  'stopRecording',
  'openRecording',
  'export',
] as const;
export type PanelCommand = (typeof panelCommands)[number];
