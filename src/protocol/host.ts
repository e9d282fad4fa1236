import { z } from 'zod';
import { deviceKinds } from './deviceKinds';

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
  /** Kept free of kernel work by isolcpus= or an isolated cpuset partition. */
  isolated: z.boolean().optional(),
});
export type Cpu = z.output<typeof cpu>;

const queue = z.object({
  rx: z.number().int().min(0).max(65535),
  rps_cpus: z.string(),
  rps_flow_cnt: counter,
  /** The interrupt that brings this queue's packets; absent where there is none, or the driver's naming hides it. */
  irq: u32.optional(),
  /** Where that interrupt goes, as a CPU list such as `0-3`. */
  irq_cpus: z.string().optional(),
});

export const device = z.object({
  netns: u32,
  /** How a person finds the namespace: a name under /run/netns, `pid N`, or absent for the host's own. */
  netns_name: z.string().optional(),
  ifindex: u32,
  /** Tells the device from others that had its ifindex before, or will have it after; as in rows. */
  instance: u32.default(0),
  name: z.string(),
  kind: z.enum(deviceKinds).optional().catch('other'),
  /** NUMA node of the hardware, -1 when there is none or it is unknown. */
  node: z.number().int().min(-1).max(65535).optional(),
  /** Set up, with or without carrier. */
  up: z.boolean().optional(),
  /** ifindexes of the devices in the same namespace that this one sends and receives through. */
  lower: z.array(u32).optional(),
  /** An XDP program sees packets before RPS does. */
  xdp: z.boolean().optional(),
  queues: z.array(queue),
});
export type Device = z.output<typeof device>;

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
export const softnet = z.object({ type: z.literal('softnet'), ns: counter, cpus: z.array(softnetCpu) });

/** Host-wide settings; what the kernel does not have, or does not show, is absent. */
const settings = {
  rps_sock_flow_entries: counter.optional(),
  /** Mask of new queues, as the kernel prints it. */
  rps_default_mask: z.string().optional(),
  netdev_max_backlog: counter.optional(),
  netdev_budget: counter.optional(),
  netdev_budget_usecs: counter.optional(),
  /** Mask of the CPUs that limit big flows when their backlog fills. */
  flow_limit_cpus: z.string().optional(),
};
export const configuration = z.object({
  type: z.literal('configuration'),
  cpus: z.array(cpu).min(1).optional(),
  ...settings,
});
export type Settings = Omit<z.output<typeof configuration>, 'type' | 'cpus'>;

export const severities = ['error', 'warning', 'info'] as const;

const finding = z.object({
  /** The kind of finding, such as `rps-off`; docs/protocol.md lists them. */
  id: z.string(),
  severity: z.enum(severities).catch('info'),
  /** What it is about; each only where it applies. */
  netns: u32.optional(),
  ifindex: u32.optional(),
  queue: z.number().int().min(0).max(65535).optional(),
  cpu: cpuId.optional(),
  /** The numbers and names in the evidence, for whoever words it anew. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  title: z.string(),
  evidence: z.string(),
  explanation: z.string(),
  remedy: z.string(),
  /** What mends it, to be pasted into a shell; untrusted like every name in it, and never run from here. */
  command: z.string().optional(),
});
export type Finding = z.output<typeof finding>;

/** Everything the loader finds wrong, most important first; replaces what it said before. */
export const findings = z.object({ type: z.literal('findings'), findings: z.array(finding) });
