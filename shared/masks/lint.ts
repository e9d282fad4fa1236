import { stackedKinds } from '../frames/deviceKinds';
import type { Cpu, Device } from '../frames/host';
import { listOf, readList, type CpuSet } from './cpuSet';
import { isKept, isRefused } from './kept';
import { coreKey } from './presets';

/** Something to know about a mask before it is written; the panel words it by its id. */
export interface Remark {
  /** `error`: it must not be written; `warning`: the kernel keeps something else of it, or it is unwise; `info`: good to know. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly id: RemarkId;
  /** Names and numbers that the words need; `cpus` is a list. */
  readonly values: Readonly<Record<string, string | number>>;
}

export type RemarkId =
  /** The host has no such CPUs. */
  | 'missing'
  /** The kernel drops them, which leaves nothing of a mask that names no others. */
  | 'offline'
  | 'nothingOnline'
  | 'dropped'
  /** It takes no mask of CPUs only that it would drop for isolcpus= or nohz_full=. */
  | 'refused'
  /** It keeps them, and a program has them for itself. */
  | 'isolated'
  /** Another device's mask decides. */
  | 'noEffect'
  | 'oneCpu'
  | 'crossesNodes'
  | 'severalNodes'
  | 'irqCpuSaturated'
  | 'irqCpu'
  | 'rssCovers'
  | 'siblings'
  | 'rfs'
  | 'off';

/** Where a mask is to be. */
export interface LintScene {
  readonly cpus: readonly Cpu[];
  readonly device: Device;
  readonly queue: Device['queues'][number];
  /** CPUs that have no time left, as the doctor found. */
  readonly saturated: ReadonlySet<number>;
  /** net.core.rps_sock_flow_entries; above 0, RFS may be on. */
  readonly flowEntries: number;
}

const stacked: readonly Device['kind'][] = stackedKinds;

/** What the kernel will do with a mask on one queue, and what is unwise in it; most important first. */
export function lint(mask: CpuSet, scene: LintScene): Remark[] {
  const known = new Map(scene.cpus.map((cpu) => [cpu.id, cpu]));
  const missing = mask.filter((id) => !known.has(id));
  if (missing.length > 0) return [remark('error', 'missing', { cpus: listOf(missing) })];
  const named = mask.flatMap((id) => known.get(id) ?? []);
  if (named.length === 0) return [...stackedRemarks(scene), ...offRemarks(scene)];
  if (isRefused(mask, scene.cpus)) return [remark('error', 'refused', { cpus: idsOf(named) })];
  const kept = named.filter(isKept);
  return [
    ...dropped(named),
    ...stackedRemarks(scene),
    ...(kept.length > 0
      ? [...placement(kept, scene), ...(scene.queue.rps_flow_cnt > 0 ? rfs(scene) : [])]
      : []),
  ];
}

function remark(severity: Remark['severity'], id: RemarkId, values: Remark['values'] = {}): Remark {
  return { severity, id, values };
}

const idsOf = (cpus: readonly Cpu[]) => listOf(cpus.map(({ id }) => id));

function dropped(named: readonly Cpu[]): Remark[] {
  const offline = named.filter((cpu) => !cpu.online);
  const apart = named.filter((cpu) => cpu.online && !isKept(cpu));
  const left = named.some(isKept) ? 'offline' : 'nothingOnline';
  return [
    ...(offline.length > 0 ? [remark('warning', left, { cpus: idsOf(offline) })] : []),
    ...(apart.length > 0 ? [remark('warning', 'dropped', { cpus: idsOf(apart) })] : []),
  ];
}

function stackedRemarks({ device }: LintScene): Remark[] {
  return stacked.includes(device.kind)
    ? [remark('warning', 'noEffect', { device: device.name, kind: device.kind ?? '' })]
    : [];
}

function offRemarks(scene: LintScene): Remark[] {
  return [remark('info', 'off'), ...(scene.queue.rps_flow_cnt > 0 ? rfs(scene) : [])];
}

function rfs({ flowEntries }: LintScene): Remark[] {
  return flowEntries > 0 ? [remark('info', 'rfs')] : [];
}

/** What is unwise about the CPUs that the kernel keeps. */
function placement(kept: readonly Cpu[], scene: LintScene): Remark[] {
  const { device, cpus } = scene;
  const found: Remark[] = [];
  const isolated = kept.filter((cpu) => cpu.isolated === true);
  if (isolated.length > 0) found.push(remark('warning', 'isolated', { cpus: idsOf(isolated) }));
  if (kept.length === 1 && cpus.filter((cpu) => cpu.online).length > 1) {
    found.push(remark('warning', 'oneCpu', { cpus: idsOf(kept) }));
  }
  found.push(...nodeRemarks(kept, device), ...irqRemarks(kept, scene));
  if (rssCovers(kept, device)) {
    found.push(remark('info', 'rssCovers', { device: device.name, queues: device.queues.length }));
  }
  const cores = new Set(kept.map(coreKey));
  if (cores.size < kept.length) {
    found.push(remark('info', 'siblings', { threads: kept.length, cores: cores.size }));
  }
  return found;
}

function nodeRemarks(kept: readonly Cpu[], { node, name }: Device): Remark[] {
  const nodes = [...new Set(kept.map((cpu) => cpu.node))];
  if (node === undefined || node < 0) {
    return nodes.length > 1 ? [remark('info', 'severalNodes', { nodes: nodes.length, device: name })] : [];
  }
  const far = kept.filter((cpu) => cpu.node !== node);
  return far.length > 0 ? [remark('warning', 'crossesNodes', { cpus: idsOf(far), node, device: name })] : [];
}

function irqRemarks(kept: readonly Cpu[], { queue, saturated }: LintScene): Remark[] {
  const irqCpus = irqCpusOf(queue) ?? [];
  // An interrupt that may go to any of many CPUs says little about where it does.
  const [cpu] = irqCpus;
  if (cpu === undefined || irqCpus.length > 1 || kept.length < 2 || !kept.some(({ id }) => id === cpu))
    return [];
  return [
    saturated.has(cpu)
      ? remark('warning', 'irqCpuSaturated', { cpus: String(cpu) })
      : remark('info', 'irqCpu', { cpus: String(cpu) }),
  ];
}

/** Whether the queues of the hardware are known to bring packets to every CPU of the mask already. */
function rssCovers(kept: readonly Cpu[], { kind, queues }: Device): boolean {
  if (kind !== 'physical' || queues.length < 2 || kept.length < 2) return false;
  const own = queues.map((queue) => irqCpusOf(queue) ?? []);
  if (own.some((cpus) => cpus.length !== 1)) return false;
  const reached = new Set(own.flat());
  return kept.every(({ id }) => reached.has(id));
}

/** Where a queue's interrupt goes; undefined where that is not known. */
export function irqCpusOf({ irq_cpus: text }: Device['queues'][number]): CpuSet | undefined {
  const read = text === undefined || text === '' ? undefined : readList(text);
  return read?.kind === 'cpus' ? read.cpus : undefined;
}
