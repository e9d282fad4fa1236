import { z } from 'zod';
import { audit, auditWay } from './audit';
import { list } from '../bounded';
import { configuration, counter, cpus, devices, findings, keptCpus, softnet } from './host';
import { tooMuchJson } from './jsonSize';
import {
  MAX_ALL_QUEUES,
  MAX_BACKENDS,
  MAX_CODE,
  MAX_CPU_LIST,
  MAX_FILTER,
  MAX_LOG_LINE,
  MAX_MASK,
  MAX_NAME,
  MAX_PLAIN_LINE,
  MAX_ROWS,
  MAX_TEXT,
  UNCOUNTED_LINE,
  MOST_CANDIDATES,
  MOST_WRITES,
} from '../limits';
import { arePlainRows, verdicts } from './rows';

export type { MaskWrite } from './audit';
export type { DeviceKind } from './deviceKinds';
export type { Cpu, Device, Finding, Settings } from './host';
export { verdicts } from './rows';

/**
 * The wire between the loader and the extension: one JSON object a line, described in docs/protocol.md.
 * This file and host.ts are the only places that know it. Unknown fields and unknown frame types are allowed, so that an older
 * extension can read a newer loader.
 */

/** The version this extension speaks; a loader with another one is refused. */
export const PROTOCOL = 1;

const u32 = z.number().int().min(0).max(0xffffffff);
const queueNumber = z.number().int().min(0).max(65535);
const name = z.string().max(MAX_NAME);
const code = z.string().max(MAX_CODE);
const text = z.string().max(MAX_TEXT);
const cpuId = z.number().int().min(0).max(65535);

export type Verdict = (typeof verdicts)[number];

/**
 * One counter, cumulative since attach: netns inode, ifindex, rx queue, CPU where the function ran, target CPU (-1:
 * none), verdict, skbs, segments (gso_segs, at least 1 each), bytes (skb->len), instance of the device. The instance
 * tells devices apart that had the same ifindex in the same namespace one after the other.
 */
const row = z.tuple([
  u32,
  u32,
  queueNumber,
  cpuId,
  z.number().int().min(-1).max(65535),
  z.enum(verdicts),
  counter,
  counter,
  counter,
  u32,
]);
export type Row = z.output<typeof row>;
const rows = z.custom<Row[]>(arePlainRows).or(list(row, MAX_ROWS));

/**
 * What a candidate mask would have done since it was set: netns inode, ifindex, rx queue, CPU where get_rps_cpu() ran, CPU
 * it would have returned (-1: none; -2: not known, as the kernel has computed no hash), skbs, segments, bytes.
 */
const prediction = z.tuple([
  u32,
  u32,
  queueNumber,
  cpuId,
  z.number().int().min(-2).max(65535),
  counter,
  counter,
  counter,
]);
export type Prediction = z.output<typeof prediction>;

const backendNames = ['fexit', 'kprobe', 'kretprobe'] as const;
const backendName = z.enum(backendNames);

const backend = z.object({
  name: backendName,
  state: z.enum(['used', 'refused', 'untried']),
  /** For one that was refused: a code of the `error` frame, what happened, and what mends it. */
  code: code.optional(),
  why: text.optional(),
  hint: text.optional(),
});
export type Backend = z.output<typeof backend>;

const misses = {
  /** Decisions the program could not see: recursion on the same CPU, a lost return. */
  missed: counter,
  /** Decisions seen but not counted: no room for a new row. */
  lost: counter,
};

const frame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    loader: name,
    pid: u32,
    /** `none`: this host can be read but not traced. */
    backend: z.enum([...backendNames, 'none']),
    /** All of them, best first, and why each one that is not used is not. */
    backends: list(backend, MAX_BACKENDS).optional(),
    kernel: name,
    arch: name,
    interval_ms: z.number().positive(),
    /** What --filter was given, where it was. */
    filter: z.string().max(MAX_FILTER).optional(),
    cpus,
    kept_cpus: keptCpus,
  }),
  /** The answer to --check. `untested`: this user, or this sandbox, is not let near enough to tell. */
  z.object({
    type: z.literal('check'),
    protocol: z.number().int(),
    loader: name,
    kernel: name,
    arch: name,
    backends: list(
      z.object({
        name: backendName,
        state: z.enum(['supported', 'unsupported', 'untested']),
        code: code.optional(),
        why: text.optional(),
        hint: text.optional(),
      }),
      MAX_BACKENDS,
    ),
    /** Whether it can be told who writes masks. */
    audit: z.object({ state: z.enum(['supported', 'unsupported', 'untested']), ...auditWay }).optional(),
  }),
  z.object({ type: z.literal('devices'), devices }),
  softnet,
  configuration,
  findings,
  audit,
  z.object({
    type: z.literal('sample'),
    seq: counter,
    /** CLOCK_MONOTONIC of the host, nanoseconds. */
    ns: counter,
    rows,
  }),
  z.object({ type: z.literal('health'), ...misses, runs: counter, run_ns: counter }),
  /** Predictions for candidate masks; rows that changed since the last one, cumulative since `since`. */
  z.object({
    type: z.literal('shadow'),
    ns: counter,
    since: counter.optional(),
    /** False: the kernel calls get_rps_cpu() for nobody, so that there is nothing to predict from. */
    asked: z.boolean().optional(),
    candidates: list(
      z.object({
        id: u32,
        /** Once, after they were set: netns, ifindex, rx queue and the list of CPUs that the kernel would keep. */
        queues: list(
          z.tuple([u32, u32, queueNumber, z.string().max(MAX_CPU_LIST)]),
          MAX_ALL_QUEUES,
        ).optional(),
        rows: list(prediction, MAX_ROWS),
      }),
      MOST_CANDIDATES,
    ),
    /** What RFS chose, and would choose under any mask. */
    flow: list(prediction, MAX_ROWS).optional(),
    /** Netns, ifindex, rx queue, and the skbs of its largest flow, or somewhat fewer. */
    largest: list(z.tuple([u32, u32, queueNumber, counter]), MAX_ALL_QUEUES).optional(),
    /** Decisions that found no counters. */
    lost: counter.optional(),
    /** Why there are no candidates. */
    error: text.optional(),
  }),
  /** What a guard has done with masks: see docs/protocol.md. */
  z.object({
    type: z.literal('guard'),
    state: z.enum(['ready', 'checked', 'applied', 'confirmed', 'reverted']),
    why: text.optional(),
    writes: list(
      z.object({
        netns: u32,
        ifindex: u32,
        instance: u32,
        name,
        queue: queueNumber,
        state: z.enum(['untouched', 'unsure', 'written', 'restored', 'left', 'gone']),
        /** Masks in the kernel's comma form: as it was found, and as the kernel showed it last. */
        before: z.string().max(MAX_MASK),
        now: z.string().max(MAX_MASK),
      }),
      MOST_WRITES,
    ),
  }),
  z.object({
    type: z.literal('error'),
    code,
    stage: code,
    message: text,
    hint: text,
  }),
  z.object({ type: z.literal('end'), reason: text, ns: counter, rows, ...misses }),
]);
export type Frame = z.output<typeof frame>;
export type FrameOf<T extends Frame['type']> = Extract<Frame, { type: T }>;

const known = new Set<string>(frame.def.options.map((option) => option.shape.type.value));
const anyFrame = z.object({ type: z.string() });
/** Frames that may be longer than `MAX_PLAIN_LINE`, as they begin. */
const withRows = ['sample', 'end', 'shadow'].map((type) => `{"type":"${type}"`);

/** What one line of the loader's stdout is. A `later` frame is well formed, of a type this extension does not know. */
export type Parsed = { kind: 'frame'; frame: Frame } | { kind: 'later' } | { kind: 'bad'; reason: string };

/** Reads one line of the loader's stdout. Never throws: the line is untrusted. */
export function parseFrame(line: string): Parsed {
  const tooMuch = line.length > UNCOUNTED_LINE ? tooMuchIn(line) : undefined;
  if (tooMuch !== undefined) return { kind: 'bad', reason: tooMuch };
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { kind: 'bad', reason: 'not JSON' };
  }
  const head = anyFrame.safeParse(json);
  if (!head.success) return { kind: 'bad', reason: 'no frame type' };
  if (!known.has(head.data.type)) return { kind: 'later' };
  const whole = frame.safeParse(json);
  return whole.success
    ? { kind: 'frame', frame: whole.data }
    : { kind: 'bad', reason: z.prettifyError(whole.error).slice(0, MAX_LOG_LINE) };
}

function tooMuchIn(line: string): string | undefined {
  if (line.length > MAX_PLAIN_LINE && !withRows.some((begin) => line.startsWith(begin))) return 'too long';
  return tooMuchJson(line);
}
