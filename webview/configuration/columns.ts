import { listOf } from '../../shared/masks/cpuSet';
import type { Device } from '../../shared/frames/frames';
import { whole } from '../format';
import type { GridColumn } from '../grid/grid';
import { namespaceLabel } from '../store/links';
import { maskCpus } from '../store/masks';
import { words } from '../words';

/** A receive queue with its device. */
export interface QueueRow {
  readonly device: Device;
  readonly queue: Device['queues'][number];
  readonly namespace: string;
  /** The CPUs of rps_cpus as a list; empty: RPS is off on this queue. */
  readonly cpus: string;
}

export const queueColumnIds = [
  'interface',
  'namespace',
  'kind',
  'node',
  'state',
  'queue',
  'cpus',
  'mask',
  'flows',
  'irq',
  'irqCpus',
  'tune',
] as const;
export type QueueColumn = (typeof queueColumnIds)[number];

/** Every receive queue of every device. */
export function queueRows(devices: readonly Device[]): QueueRow[] {
  return devices.flatMap((device) =>
    device.queues.map((queue) => ({
      device,
      queue,
      namespace: namespaceLabel(device),
      cpus: listOf(maskCpus(queue.rps_cpus)),
    })),
  );
}

const { configuration } = words;
const head = (id: QueueColumn) => configuration.column[id];

/** Whatever the devices' order, queues of one device stand together. */
const byQueue = ({ device, queue }: QueueRow) => queue.rx + device.ifindex / 0x1_0000_0000;

function stateText({ up, xdp }: Device): string {
  const { state, unknown } = configuration;
  const first = up === undefined ? unknown : up ? state.up : state.down;
  return xdp ? `${first}, ${state.xdp}` : first;
}

export const queueColumns: Readonly<Record<QueueColumn, GridColumn<QueueRow>>> = {
  interface: {
    ...head('interface'),
    numeric: false,
    width: 110,
    text: ({ device }) => device.name,
    order: ({ device, queue }) => `${device.name} ${queue.rx}`,
  },
  namespace: {
    ...head('namespace'),
    numeric: false,
    width: 90,
    text: ({ namespace }) => namespace,
    order: ({ namespace, device, queue }) => `${namespace} ${device.name} ${queue.rx}`,
  },
  kind: {
    ...head('kind'),
    numeric: false,
    width: 80,
    text: ({ device }) => (device.kind ? configuration.kind[device.kind] : configuration.unknown),
    order: ({ device }) => device.kind,
  },
  node: {
    ...head('node'),
    numeric: true,
    width: 50,
    text: ({ device: { node } }) => (node === undefined || node < 0 ? configuration.noNode : String(node)),
    order: ({ device }) => device.node,
  },
  state: {
    ...head('state'),
    numeric: false,
    width: 76,
    text: ({ device }) => stateText(device),
    order: ({ device }) => stateText(device),
    tone: ({ device }) => (device.xdp ? 'warning' : undefined),
  },
  queue: {
    ...head('queue'),
    numeric: true,
    width: 56,
    text: ({ queue }) => String(queue.rx),
    order: byQueue,
  },
  cpus: {
    ...head('cpus'),
    numeric: false,
    width: 128,
    text: ({ cpus }) => (cpus === '' ? configuration.off : cpus),
    order: ({ cpus }) => cpus,
  },
  mask: {
    ...head('mask'),
    numeric: false,
    width: 138,
    text: ({ queue }) => queue.rps_cpus,
    order: ({ queue }) => queue.rps_cpus,
  },
  flows: {
    ...head('flows'),
    numeric: true,
    width: 86,
    text: ({ queue }) => whole(queue.rps_flow_cnt),
    order: ({ queue }) => queue.rps_flow_cnt,
  },
  irq: {
    ...head('irq'),
    numeric: true,
    width: 56,
    text: ({ queue }) => (queue.irq === undefined ? '–' : String(queue.irq)),
    order: ({ queue }) => queue.irq,
  },
  irqCpus: {
    ...head('irqCpus'),
    numeric: false,
    width: 90,
    text: ({ queue }) => queue.irq_cpus ?? '–',
    order: ({ queue }) => queue.irq_cpus,
  },
  tune: {
    ...head('tune'),
    numeric: false,
    width: 70,
    text: () => configuration.tune,
    order: byQueue,
  },
};
