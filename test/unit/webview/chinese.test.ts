import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/frames/frames';
import { findingsChinese } from '../../../webview/doctor/findings.zh-cn';
import { words } from '../../../webview/words';
import { simplifiedChinese } from '../../../webview/words.zh-cn';

const root = new URL('../../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(root + path, 'utf8');
const doctor = readdirSync(`${root}bpf/doctor`)
  .filter((name) => name.startsWith('rules') || name === 'findings.c')
  .map((name) => read(`bpf/doctor/${name}`))
  .join('');
const found = (pattern: RegExp) =>
  [...new Set([...doctor.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** Every id of the loader's findings, from its sources. */
const ids = found(/(?:finding_new|about_cpus)\(\s*(?:evidence->findings|evidence),\s*"([a-z-]+)"/g);
/** Every value that some finding has. */
const values = Object.fromEntries(
  found(/value_(?:number|rate|text|list)\(\s*finding,\s*"(\w+)"/g).map((name) => [name, 1]),
);
const English: Finding = {
  ...{ id: '', severity: 'info', values, title: '', evidence: '', explanation: '' },
  ...{ remedy: 'Leave them out.', netns: 1, ifindex: 2, queue: 0, cpu: 0 },
};

describe('findings in Simplified Chinese', () => {
  it('are all that the loader knows, and that its documentation lists', () => {
    expect(Object.keys(findingsChinese).sort()).toEqual(ids);
    const listed = [...read('docs/protocol.md').matchAll(/^\| `([a-z-]+)` \| (?:error|warning|info)/gm)];
    expect(listed.map(([, id]) => id).sort()).toEqual(ids);
  });

  it.each(ids)('%s says everything, from values that the loader gives', (id) => {
    const wording = findingsChinese[id]?.({ ...English, id });
    for (const text of [wording?.title, wording?.evidence, wording?.explanation, wording?.remedy]) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\?|undefined|NaN/);
    }
  });
});

/** Names, commands and signs, which are the same in every language. */
const same =
  /^(RPS Trace|Softnet|CPU|IRQ|RFS|XDP|VLAN|VRF|tun\/tap|WireGuard|map|flow|systemd\.link|NetworkManager|skb\/IPI|\?|[a-z_]+|echo f > .*|[-–—%·→ ]*)$/;

/** Texts that are the same in both, with where they are. */
function* untranslated(one: unknown, other: unknown, path = ''): Generator<string> {
  if (typeof one === 'string') {
    if (one === other && !same.test(one)) yield `${path}: ${one}`;
  } else if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    for (const [name, value] of Object.entries(one)) {
      yield* untranslated(value, (other as Record<string, unknown>)[name], `${path}.${name}`);
    }
  }
}

describe('what the panel says in Simplified Chinese', () => {
  it('is not the English', () => {
    expect([...untranslated(words, simplifiedChinese)]).toEqual([]);
  });
});
