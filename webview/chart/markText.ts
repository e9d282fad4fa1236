import type { Mark } from '../../shared/messages/panel';
import { words } from '../words';

/** What changed on the host, and who has done it as far as the host tells. */
export function markText({ what, names, count, by }: Mark): string {
  const text = words.chart.mark[what](words.chart.names(names, count - names.length));
  if (!by) return text;
  const writers = by.writers.map(words.chart.writer);
  return words.chart.writtenBy(text, words.chart.names(writers, by.count - writers.length));
}
