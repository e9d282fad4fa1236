import type { Finding } from '../../shared/frames/frames';
import { words } from '../words';
import type { Wording } from './findingWords';

/** What a finding says in the panel's language, or in the loader's English where the panel does not know its id. */
export function worded(finding: Finding): Wording {
  return words.findings[finding.id]?.(finding) ?? finding;
}
