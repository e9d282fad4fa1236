import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const keys = (path: string) => Object.keys(JSON.parse(read(path)) as object).sort();

/** Every text handed to l10n.t in the sources, as the string it is. */
function translated(): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...read(join('src', file)).matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)])
    .map(([, text = '']) => JSON.parse(`"${text.replaceAll('"', '\\"').replaceAll("\\'", "'")}"`) as string);
  return [...new Set(found)].sort();
}

describe('Simplified Chinese', () => {
  it('has every text of the extension host, and none that is gone', () => {
    expect(keys('l10n/bundle.l10n.zh-cn.json')).toEqual(translated());
  });

  it('has every text of the manifest', () => {
    expect(keys('package.nls.zh-cn.json')).toEqual(keys('package.nls.json'));
  });

  it('is in the package', () => {
    const ships = read('.vscodeignore').split('\n');
    expect(ships).toContain('!package.nls.zh-cn.json');
    expect(ships).toContain('!l10n/*');
  });
});
