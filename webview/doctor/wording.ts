import type { Finding } from '../../src/protocol/frames';
import { words } from '../words';

/** The texts of a finding. */
export type Wording = Pick<Finding, 'title' | 'evidence' | 'explanation' | 'remedy'>;

/** Findings in another language than the loader's, by their ids; what one leaves out stays as the loader says it. */
export type FindingWords = Readonly<Partial<Record<string, (values: Finding['values']) => Partial<Wording>>>>;

/** What a finding says in the panel's language, or in the loader's English where the panel does not know its id. */
export function worded(finding: Finding): Wording {
  return { ...finding, ...words.findings[finding.id]?.(finding.values) };
}
