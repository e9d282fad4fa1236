/**
 * Matches a text against a pattern of ssh_config(5): `*` is any text, `?` any character. As match_pattern() of OpenSSH's
 * match.c it gives each `*` as little as it can; taking back only the last one keeps the time below the product of both lengths.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  /** Where the pattern goes on after its last `*`, and the text that this one has not taken. */
  let last: { place: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') last = { place: ++place, at };
    else if (wanted === '?' || (wanted !== undefined && wanted === text[at])) {
      at++;
      place++;
    } else if (last) {
      at = ++last.at;
      place = last.place;
    } else return false;
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}

/** Matches a list of patterns: one of them matches, and none that is negated with `!` does. */
export function matchesPatternList(text: string, patterns: readonly string[]): boolean {
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (negated.some((pattern) => matchesPattern(text, pattern))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(text, pattern));
}
