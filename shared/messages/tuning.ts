import type { DeviceKey, ProblemText } from './panel';

/**
 * The wire for tuning masks, in both directions: part of the unions in panel.ts. Everything is about the host in front.
 * Masks are in the kernel's comma form, as wide as the kernel prints them there; lists are as in "0-3,8".
 */

/** A receive queue, and the CPUs that its rps_cpus is to name; an empty list turns RPS off. */
export interface QueueMask extends DeviceKey {
  readonly queue: number;
  readonly list: string;
}

/** Masks to be tried in the kernel without writing them. Queues that it does not name stay out of its prediction. */
export interface Candidate {
  /** The webview's own number for it, 0 to 2^32 - 1, no two the same. */
  readonly id: number;
  readonly queues: readonly QueueMask[];
}

/** Shortest and longest time that a guard waits for somebody to confirm, seconds. */
export const GUARD_SECONDS = { least: 5, most: 3600, usual: 60 } as const;

/** What one CPU got, or would have got: skbs that it took in after RPS, those included that stayed where they were. */
export interface CpuLoad {
  readonly cpu: number;
  /** Since `from`. */
  readonly skbs: number;
  /** Skbs per second: over the last interval while it goes on, over the whole time in a proof. */
  readonly rate: number;
}

/** How the skbs of some queues were spread over CPUs, or would have been. */
export interface Spread {
  /** When, in seconds of the host's CLOCK_MONOTONIC. */
  readonly from: number;
  readonly to: number;
  /** All of them since `from`, with those in `uncertain`. */
  readonly skbs: number;
  /** Ascending; CPUs that got nothing and that no mask names are left out. */
  readonly cpus: readonly CpuLoad[];
  /** Skbs of which nobody knows where they would have gone: they carried no hash, as RPS is off on their queue. 0 for what was real. */
  readonly uncertain: number;
  /** Skbs that left the NUMA node where get_rps_cpu() ran. */
  readonly crossNode: number;
  /**
   * What the busiest CPU got over the mean of all CPUs that the masks keep or that got something: 1 is perfectly even.
   * Undefined when nothing is certain or there are fewer than two such CPUs.
   */
  readonly imbalance: { readonly cpu: number; readonly factor: number } | undefined;
}

/** What a candidate would have done since the candidates were set. */
export interface CandidatePrediction {
  readonly id: number;
  /** What the kernel would keep of each mask; the list is without CPUs that are offline or isolated. */
  readonly kept: readonly QueueMask[];
  readonly spread: Spread;
  /** What really happened on the same queues in about the same time. */
  readonly real: Spread;
  /** Skbs of its queues that RFS steered, under any mask alike; they are in `spread` too. */
  readonly flow: number;
  /** The largest flow's part of `skbs`, 0 to 1: no mask gets below it on one CPU. Undefined while nothing is known. */
  readonly floor: number | undefined;
}

/** Where the prediction of candidates stands. Sent whenever it changes, once an interval. */
export type Predictions =
  /** No candidates are set. */
  | { readonly kind: 'none' }
  /** They are set, and the host has not answered: it may not be traced now; then they are set when it is. */
  | { readonly kind: 'waiting' }
  /** The host cannot predict them; `error` is the loader's own text. */
  | { readonly kind: 'refused'; readonly error: string }
  | {
      readonly kind: 'predicting';
      /** When the candidates were set, and when this was counted, in seconds of the host's CLOCK_MONOTONIC. */
      readonly since: number;
      readonly at: number;
      /** False: RPS and RFS are off everywhere, so the kernel asks for no packet's CPU, and nothing can be predicted. */
      readonly asked: boolean;
      /** In the order in which they were set. */
      readonly candidates: readonly CandidatePrediction[];
      /** Decisions that could not be predicted for want of room. */
      readonly lost: number;
    };

/** One file that is to be written. */
export interface PlannedWrite extends DeviceKey {
  readonly queue: number;
  /** Of the device, as in `devices`. */
  readonly name: string;
  /** As in `devices`: undefined for the host's own namespace. */
  readonly netnsName: string | undefined;
  /** The file, inside its namespace. */
  readonly path: string;
  /** The mask that is there. */
  readonly before: string;
  /** The mask that is written. */
  readonly after: string;
  /** What the kernel is expected to make of it. */
  readonly kept: string;
  /**
   * Only for what takes an entry of the history back: the mask that this entry left, when another one is there now, so
   * that somebody has changed it since. It is left alone unless `apply` says `overwrite`.
   */
  readonly conflict: string | undefined;
}

/** The same while a guard holds it, or when that is over. */
export interface GuardedWrite extends PlannedWrite {
  /**
   * `untouched`: nothing was written; `unsure`: written, and not read back; `written`: `now` is what the kernel kept;
   * `restored`: `before` is there again; `left`: somebody else has changed it, so it was not touched again; `gone`: the
   * queue is not there any more.
   */
  readonly state: 'untouched' | 'unsure' | 'written' | 'restored' | 'left' | 'gone';
  /** The mask that the kernel showed last. */
  readonly now: string;
}

/** What is to be applied: new masks, or an entry of the history that is taken back. */
export type ApplySource =
  | { readonly kind: 'masks'; readonly candidate: number | undefined }
  | { readonly kind: 'entry'; readonly entry: string };

/** Where an apply stands. There is one for each host at a time. */
export type ApplyState =
  | { readonly kind: 'idle' }
  /** The host is asked whether it can be written; nothing is. */
  | { readonly kind: 'previewing'; readonly source: ApplySource; readonly writes: readonly PlannedWrite[] }
  /**
   * Nothing is written yet; `apply` asks in a dialog of VS Code, then writes. Queues that have the mask already are left
   * out, so that there may be no writes at all. `problem`: the host says that it would not work.
   */
  | {
      readonly kind: 'previewed';
      readonly source: ApplySource;
      readonly writes: readonly PlannedWrite[];
      readonly problem: ProblemText | undefined;
      /** Entries of the history only: queues that the host does not have any more, as "eth0, queue 3". */
      readonly gone: readonly string[];
    }
  | { readonly kind: 'applying'; readonly writes: readonly PlannedWrite[] }
  /** The masks are written, and are taken back when `left` is over unless `confirmApply` comes. */
  | {
      readonly kind: 'applied';
      readonly writes: readonly GuardedWrite[];
      /** Seconds that the guard waits in all, and those that were left when this message was sent. */
      readonly seconds: number;
      readonly left: number;
    }
  /** They stay. `changed`: somebody else had changed masks in between; `now` shows which. */
  | { readonly kind: 'confirmed'; readonly writes: readonly GuardedWrite[]; readonly changed: boolean }
  /** Everything is as it was, but for `left` and `gone`. */
  | { readonly kind: 'reverted'; readonly why: RevertReason; readonly writes: readonly GuardedWrite[] }
  /** The guard was lost before it said how it ended: it takes the masks back by itself within `left` seconds. */
  | {
      readonly kind: 'lost';
      readonly problem: ProblemText;
      readonly writes: readonly PlannedWrite[];
      readonly left: number;
    }
  /** It could not be done, and everything is as it was found. */
  | { readonly kind: 'failed'; readonly problem: ProblemText; readonly writes: readonly PlannedWrite[] };

/** Why masks were taken back: somebody said so, nobody confirmed, or the guard was ended in another way. */
export type RevertReason = 'asked' | 'time' | 'ended';

/** What was once applied on this host, from any window. */
export interface HistoryEntry {
  readonly id: string;
  /** When it was written, and when its guard's time was up, milliseconds since 1970 by the extension host's clock. */
  readonly time: number;
  readonly until: number;
  /**
   * `open`: under way here or in another window. One whose window died is judged by the masks that are there when its
   * time is up: `confirmed`, `reverted`, or `unknown` where they are neither what was written nor what was there before.
   */
  readonly outcome: 'open' | 'confirmed' | 'reverted' | 'failed' | 'unknown';
  /** The id of the entry that it took back. */
  readonly reverts: string | undefined;
  readonly writes: readonly HistoryWrite[];
}

export interface HistoryWrite {
  readonly netns: number;
  /** As in `devices`; undefined in an entry of an older version. */
  readonly instance?: number | undefined;
  readonly netnsName: string | undefined;
  readonly name: string;
  readonly queue: number;
  readonly before: string;
  /** What the kernel made of what was written. */
  readonly after: string;
}

/** The last apply's effect on the queues it wrote. */
export interface Proof {
  /** When it was written, in seconds of the host's CLOCK_MONOTONIC. */
  readonly at: number;
  /** Up to 10 s before it. */
  readonly before: Spread;
  /** What its candidate had predicted by then; undefined when it was none. */
  readonly predicted: Spread | undefined;
  /** From then on, for up to 60 s and as long as the masks are there; undefined until an interval is over. */
  readonly after: Spread | undefined;
}

/** What makes masks last over a restart of the host. */
export const keepForms = ['systemd', 'udev', 'networkManager', 'script'] as const;
export type KeepForm = (typeof keepForms)[number];

/**
 * What a person must know about a text. `systemd256`: it takes systemd 256 or newer; `sameForAll`: it knows one mask for
 * all queues of a device, so devices whose queues differ are left out; `namespacesOut`:
 * devices in network namespaces are left out; `namelessOut`: devices are left out whose namespace or name does not last.
 */
export type KeepNote = 'systemd256' | 'sameForAll' | 'namespacesOut' | 'namelessOut';

/** A text that a person can copy to the host. Nothing here writes it. */
export interface KeepText {
  readonly form: KeepForm;
  /** One for each file. */
  readonly files: readonly { readonly path: string; readonly mode: string; readonly text: string }[];
  readonly notes: readonly KeepNote[];
}

/** Everything about tuning; replaces what the webview held. Follows every snapshot of a host, and of none in a recording. */
export interface Tuning {
  /** Those that are set, also by another panel. */
  readonly candidates: readonly Candidate[];
  readonly predictions: Predictions;
  readonly apply: ApplyState;
  /** The newest first. */
  readonly history: readonly HistoryEntry[];
  readonly proof: Proof | undefined;
}

export type ToTuning =
  | { readonly type: 'tuning'; readonly tuning: Tuning }
  | { readonly type: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly type: 'predictions'; readonly predictions: Predictions }
  | { readonly type: 'apply'; readonly apply: ApplyState }
  | { readonly type: 'maskHistory'; readonly history: readonly HistoryEntry[] }
  | { readonly type: 'proof'; readonly proof: Proof | undefined }
  /** The answer to `keepMasks`. */
  | { readonly type: 'keepTexts'; readonly texts: readonly KeepText[] }
  /** The tab for tuning is to be shown: a command asked for it; `section` is what it was about. */
  | { readonly type: 'showTuning'; readonly section: 'masks' | 'history' };

export type FromTuning =
  /** Replaces all candidates, and their counts begin at 0; an empty list takes them away. At most `MOST_CANDIDATES`. */
  | { readonly type: 'setCandidates'; readonly candidates: readonly Candidate[] }
  /** Looks at what writing these masks would do; `candidate` is the one they come from, for the proof. Answered by `apply`. */
  | {
      readonly type: 'previewApply';
      readonly queues: readonly QueueMask[];
      readonly candidate?: number | undefined;
    }
  /** The same for taking an entry of the history back. */
  | { readonly type: 'previewRevert'; readonly entry: string }
  /** Back to `idle` from `previewed`, `confirmed`, `reverted`, `lost` and `failed`. */
  | { readonly type: 'dismissApply' }
  /** Asks, then writes what was previewed; only in `previewed`. `seconds`: see `GUARD_SECONDS`. */
  | { readonly type: 'applyMasks'; readonly seconds: number; readonly overwrite: boolean }
  /** Only in `applied`. */
  | { readonly type: 'confirmApply' }
  | { readonly type: 'revertApply' }
  /** Asks for the texts that make these masks last. */
  | { readonly type: 'keepMasks'; readonly queues: readonly QueueMask[] }
  /** Puts a text on the clipboard. */
  | { readonly type: 'copyText'; readonly text: string };
