import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../../test/fixtures', import.meta.url));

/** The recordings to pick from: paths by what they are called in the list. `given`, a path, comes first. */
export function recordings(given: string | undefined): ReadonlyMap<string, string> {
  const names = readdirSync(fixtures).filter((name) => name.endsWith('.rpsrec'));
  const found = names.map((name) => [`test/fixtures/${name}`, join(fixtures, name)] as const);
  return new Map([...(given === undefined ? [] : [[given, resolve(given)] as const]), ...found]);
}
