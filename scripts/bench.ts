import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { bootForBench } from '../test/bench/bootForBench';
import type { Bench, Figure, Measured } from '../test/bench/section';
import { sections } from '../test/bench/sections';
import type { Guest } from '../test/guest/guest';

// `npm run bench [-- SECTION…]`: measures, prints a table with the goals and writes bench/results.json.

const names = process.argv.slice(2);
const unknown = names.find((name) => !sections.some((section) => section.name === name));
if (unknown !== undefined) {
  throw new Error(`${unknown} is none of the sections ${sections.map((section) => section.name).join(', ')}`);
}

let booted: Promise<Guest> | undefined;
const bench: Bench = {
  guest: () => (booted ??= bootForBench()),
  say: (text) => console.error(text),
};

function print({ what, value, unit, goal }: Figure): void {
  const judged = goal === undefined ? '' : `at most ${goal} ${value <= goal ? 'reached' : 'MISSED'}`;
  console.log(`${what.padEnd(50)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(4)} ${judged}`.trimEnd());
}

const results: Record<string, Measured> = {};
try {
  for (const section of sections) {
    if (names.length > 0 && !names.includes(section.name)) continue;
    console.error(`measuring ${section.name}`);
    results[section.name] = await section.measure(bench);
  }
  for (const measured of Object.values(results)) measured.figures.forEach(print);
  const guest = booted && (await (await booted).run('uname -rm')).trim();
  const json = { machine: cpus()[0]?.model, guest, sections: results };
  await mkdir('bench', { recursive: true });
  await writeFile('bench/results.json', `${JSON.stringify(json, null, 2)}\n`);
} finally {
  await (await booted)?.stop();
}
