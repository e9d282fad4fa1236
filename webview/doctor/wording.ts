import type { Finding } from '../../shared/frames/frames';
import { words } from '../words';

/** The texts of a finding. */
export type Wording = Pick<Finding, 'title' | 'evidence' | 'explanation' | 'remedy'>;

/** Findings in another language than the loader's, by their ids. */
export type FindingWords = Readonly<Partial<Record<string, (finding: Finding) => Wording>>>;

/** What a finding says in the panel's language, or in the loader's English where the panel does not know its id. */
export function worded(finding: Finding): Wording {
  return words.findings[finding.id]?.(finding) ?? finding;
}
