import type { Finding } from '../../shared/frames/frames';

/** The texts of a finding. */
export type Wording = Pick<Finding, 'title' | 'evidence' | 'explanation' | 'remedy'>;

/** Findings in another language than the loader's, by their ids. */
export type FindingWords = Readonly<Partial<Record<string, (finding: Finding) => Wording>>>;
