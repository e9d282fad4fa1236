import type { FindingWords } from './wording';

/** The loader's findings in Simplified Chinese. */
export const findingsChinese: FindingWords = {};
