import { VALUES } from '../../shared/messages/panel';
import type { Source } from '../table/columns';
import type { Grouping } from '../table/group';

/** What a cell of an exported table holds; null where there is nothing, such as the target of an unsteered packet. */
export type Value = string | number | null;

/** A column of an exported table. Its name is for machines, and the same in every language. */
export interface Field {
  readonly name: string;
  value(source: Source, row: number): Value;
}

const key = (name: string, part: 'netns' | 'ifindex' | 'queue' | 'cpu'): Field => ({
  name,
  value: ({ rows }, row) => rows.keys[row]?.[part] ?? null,
});
const link = (name: string, part: 'name' | 'namespace'): Field => ({
  name,
  value: ({ rows, links }, row) => links.all[rows.link[row] ?? -1]?.[part] ?? null,
});
const number = (name: string, part: 'totals' | 'rates', place: number): Field => ({
  name,
  value: ({ rows }, row) => rows[part][row * VALUES + place] ?? 0,
});
const node = (name: string, part: 'cpu' | 'target'): Field => ({
  name,
  value: ({ rows, matrix: { axis } }, row) => {
    const place = axis.places.get(rows.keys[row]?.[part] ?? -1);
    return (place === undefined ? undefined : axis.cpus[place]?.node) ?? null;
  },
});

const device = [
  link('interface', 'name'),
  link('namespace', 'namespace'),
  key('netns', 'netns'),
  key('ifindex', 'ifindex'),
];
const target: Field = {
  name: 'target',
  value: ({ rows }, row) => {
    const cpu = rows.keys[row]?.target ?? -1;
    return cpu < 0 ? null : cpu;
  },
};
const targets = [target, node('target_node', 'target')];
const verdict: Field = { name: 'verdict', value: ({ rows }, row) => rows.keys[row]?.verdict ?? null };
const values = ['skbs', 'segments', 'bytes'].flatMap((name, place) => [
  number(`${name}_per_second`, 'rates', place),
  number(name, 'totals', place),
]);

/** The columns that mean something for each grouping. */
export const fields: Readonly<Record<Grouping, readonly Field[]>> = {
  none: [
    ...device,
    key('queue', 'queue'),
    key('cpu', 'cpu'),
    node('node', 'cpu'),
    ...targets,
    verdict,
    ...values,
  ],
  interface: [...device, ...values],
  queue: [...device, key('queue', 'queue'), ...values],
  target: [...targets, ...values],
};
