import { arrange } from '../table/arrange';
import { fields, type Value } from './fields';
import type { Moment } from './export';

/**
 * The table as it is seen, as CSV (RFC 4180): a line of names, then a line a row. What a spreadsheet would run as a
 * formula gets an apostrophe before it (OWASP, "CSV Injection"): names come from the host.
 */
export function toCsv({ shown: { store, view } }: Moment): string {
  const { source, order } = arrange(store, view);
  const columns = fields[view.group];
  const lines = [columns.map(({ name }) => name)];
  for (const row of order) lines.push(columns.map((column) => csvField(column.value(source, row))));
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** One field of a CSV line. */
export function csvField(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The table as it is seen and all that is known of the host, as JSON. */
export function toJson({ shown: { store, view }, time }: Moment): string {
  const { source, order } = arrange(store, view);
  const columns = fields[view.group];
  const rows = Array.from(order, (row) =>
    Object.fromEntries(columns.map((column) => [column.name, column.value(source, row)])),
  );
  const { host, scope, facts, settings, devices, health, softnet, findings } = store;
  const about = { format: 'rps-trace-view', version: 1, time: new Date(time).toISOString(), host };
  const shown = { group: view.group, cell: view.filter ?? null, text: view.text };
  const told = { scope, facts, settings, devices, health, softnet, findings };
  return `${JSON.stringify({ ...about, ...told, shown, rows }, null, 2)}\n`;
}
