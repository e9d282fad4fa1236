import { z } from 'zod';
import { list, record } from '../bounded';
import { deviceKinds } from './deviceKinds';
import {
  MAX_ALL_QUEUES,
  MAX_CODE,
  MAX_CPUS,
  MAX_CPU_LIST,
  MAX_DEVICES,
  MAX_FINDINGS,
  MAX_FINDING_TEXT,
  MAX_FINDING_VALUES,
  MAX_LOWER,
  MAX_MASK,
  MAX_NAME,
  MAX_QUEUES,
} from '../limits';

/** What the loader tells of a host besides its counters: the parts of frames.ts that need no tracing. */

const cpuId = z.number().int().min(0).max(65535);
const u32 = z.number().int().min(0).max(0xffffffff);

/** Counters are u64: above 2^53 - 1 the loader writes decimal strings. Read as a number, exact up to 2^53 - 1. */
export const counter = z.union([
  z.number().int().nonnegative(),
  z
    .string()
    .regex(/^[0-9]{1,20}$/)
    .transform(Number),
]);

/** A CPU that is present. What the kernel does not tell, or an older loader, is absent. */
export const cpu = z.object({
  id: cpuId,
  node: z.number().int().min(0).max(65535),
  online: z.boolean(),
  /** The socket. */
  package: z.number().int().min(0).optional(),
  /** The core inside its package: CPUs that share both are SMT siblings. */
  core: z.number().int().min(0).optional(),
  /** The lowest CPU of those that share this one's last-level cache. */
  llc: cpuId.optional(),
  /** Free of other work by isolcpus= or an isolated cpuset partition; of the latter, masks keep it: see `kept`. */
  isolated: z.boolean().optional(),
});
export type Cpu = z.output<typeof cpu> & {
  /** Whether the kernel keeps it of a mask that is written now, as `kept_cpus` says; undefined where nothing does. */
  readonly kept?: boolean | undefined;
};

/** All CPUs of a host that are present. */
export const cpus = list(cpu, MAX_CPUS).refine((all) => all.length > 0, 'no CPU');

/** A list of the CPUs that the kernel keeps of a mask that is written to rps_cpus now. Loaders before 0.2.0 do not tell. */
export const keptCpus = z.string().max(MAX_CPU_LIST).optional();

/** In the kernel's comma form. */
const mask = z.string().max(MAX_MASK);
const name = z.string().max(MAX_NAME);

const queue = z.object({
  rx: z.number().int().min(0).max(65535),
  rps_cpus: mask,
  rps_flow_cnt: counter,
  /** The interrupt that brings this queue's packets; absent where there is none, or the driver's naming hides it. */
  irq: u32.optional(),
  /** Where that interrupt goes, as a CPU list such as `0-3`. */
  irq_cpus: z.string().max(MAX_CPU_LIST).optional(),
});

export const device = z.object({
  netns: u32,
  /** How a person finds the namespace: a name under /run/netns, `pid N`, or absent for the host's own. */
  netns_name: name.optional(),
  ifindex: u32,
  /** Tells the device from others that had its ifindex before, or will have it after; as in rows. */
  instance: u32.default(0),
  name,
  kind: z.enum(deviceKinds).optional().catch('other'),
  /** NUMA node of the hardware, -1 when there is none or it is unknown. */
  node: z.number().int().min(-1).max(65535).optional(),
  /** Set up, with or without carrier. */
  up: z.boolean().optional(),
  /** ifindexes of the devices in the same namespace that this one sends and receives through. */
  lower: list(u32, MAX_LOWER).optional(),
  /** An XDP program sees packets before RPS does. */
  xdp: z.boolean().optional(),
  queues: list(queue, MAX_QUEUES),
});
export type Device = z.output<typeof device>;

/** All devices of a host, with `MAX_ALL_QUEUES` queues at most. */
export const devices = list(device, MAX_DEVICES).refine(
  (all) => all.reduce((sum, { queues }) => sum + queues.length, 0) <= MAX_ALL_QUEUES,
  `more than ${MAX_ALL_QUEUES} queues`,
);

/** CPU, processed, dropped, squeezed, IPIs, flow-limit, and the backlog's length now (-1: the kernel does not tell). */
const softnetCpu = z.tuple([
  cpuId,
  counter,
  counter,
  counter,
  counter,
  counter,
  z.number().int().min(-1).max(0xffffffff),
]);

/** One row for each CPU that is online, cumulative since boot. `ns` is CLOCK_MONOTONIC of the host. */
export const softnet = z.object({
  type: z.literal('softnet'),
  ns: counter,
  cpus: list(softnetCpu, MAX_CPUS),
});

/** Host-wide settings; what the kernel does not have, or does not show, is absent. */
const settings = {
  rps_sock_flow_entries: counter.optional(),
  /** Mask of new queues, as the kernel prints it. */
  rps_default_mask: mask.optional(),
  netdev_max_backlog: counter.optional(),
  netdev_budget: counter.optional(),
  netdev_budget_usecs: counter.optional(),
  /** Mask of the CPUs that limit big flows when their backlog fills. */
  flow_limit_cpus: mask.optional(),
};
export const configuration = z.object({
  type: z.literal('configuration'),
  cpus: cpus.optional(),
  kept_cpus: keptCpus,
  ...settings,
});
export type Settings = Omit<z.output<typeof configuration>, 'type' | 'cpus' | 'kept_cpus'>;

export const severities = ['error', 'warning', 'info'] as const;

const finding = z.object({
  /** The kind of finding, such as `rps-off`; docs/protocol.md lists them. */
  id: z.string().max(MAX_CODE),
  severity: z.enum(severities).catch('info'),
  /** What it is about; each only where it applies. */
  netns: u32.optional(),
  ifindex: u32.optional(),
  queue: z.number().int().min(0).max(65535).optional(),
  cpu: cpuId.optional(),
  /** The numbers and names in the evidence, for whoever words it anew. */
  values: record(z.union([z.string().max(MAX_FINDING_TEXT), z.number()]), MAX_FINDING_VALUES),
  title: z.string().max(MAX_FINDING_TEXT),
  evidence: z.string().max(MAX_FINDING_TEXT),
  explanation: z.string().max(MAX_FINDING_TEXT),
  remedy: z.string().max(MAX_FINDING_TEXT),
  /** What mends it, to be pasted into a shell; untrusted like every name in it, and never run from here. */
  command: z.string().max(MAX_FINDING_TEXT).optional(),
});
export type Finding = z.output<typeof finding>;

/** Everything the loader finds wrong, most important first; replaces what it said before. */
export const findings = z.object({ type: z.literal('findings'), findings: list(finding, MAX_FINDINGS) });
