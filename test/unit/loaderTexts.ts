import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../bpf/', import.meta.url);

/** String literals one after the other, which C takes as one. */
const literals = /"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g;
/** Where the loader says something in its frames: a failure, a hint, why a backend is not in use, why a run ended. */
const saying =
  /\b(?:fail\(|invalid\(|usage\(|snprintf\(refusal\b|return\b|hint =|reason =)((?:"(?:[^"\\]|\\.)*"|[^";])*);/g;

const textOf = (found: string) =>
  [...found.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)]
    .map(([, part = '']) => JSON.parse(`"${part}"`) as string)
    .join('');

/** The names that C files give to strings, by their string. */
function defined(text: string): Map<string, string> {
  const lines = text.replaceAll(/\\\n\s*/g, '');
  return new Map(
    [...lines.matchAll(/^#define (\w+)\s+("[^\n]*")$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** {0}, {1} and so on for what printf puts in. */
function withPlaces(format: string): string {
  let place = 0;
  return format.replaceAll(/%(?:\.\d+)?z?[sdu]/g, () => `{${place++}}`).replaceAll('%%', '%');
}

/** Every sentence that the loader, which is written in C, says in its frames. What it prints for a terminal is not among them. */
export function loaderTexts(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[ch]$/.test(file),
  );
  const sources = files.map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const shared = new Map(sources.flatMap((source) => [...defined(source)]));
  const found = new Set<string>();
  for (const source of sources) {
    const names = new Map([...shared, ...defined(source)]);
    const text = source
      .replaceAll(/\/\*[^]*?\*\//g, '')
      .replaceAll(/\b[A-Z_]+\b/g, (name) => names.get(name) ?? name);
    for (const [, said = ''] of text.matchAll(saying)) {
      for (const [literal] of said.matchAll(literals)) {
        const sentence = withPlaces(textOf(literal));
        // What scanf reads is not said.
        if (sentence.includes(' ') && !sentence.includes('%*')) found.add(sentence);
      }
    }
  }
  return [...found].sort();
}
