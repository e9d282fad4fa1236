import { parseArgs } from 'node:util';
import { runFuzzTarget } from './fuzzRun';
import { fuzzTargets } from './fuzzTargets';

// `npm run fuzz [-- [--seconds N] [TARGET…]]`: feeds made-up input to what reads what others wrote, each target for a
// minute or N seconds. `--seed` and `--path` of a finding of one target replay it.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`--seconds takes a whole number from 1 on`);

const targets = await fuzzTargets();
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  throw new Error(
    `No target ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}.`,
  );
}
const replay = (['seed', 'path'] as const).flatMap((option) => {
  const value = values[option];
  return value === undefined ? [] : [`--${option}`, value];
});

const findings: string[] = [];
for (const target of targets) {
  if (positionals.length > 0 && !positionals.includes(target.name)) continue;
  await runFuzzTarget(target, { seconds, replay }).catch((error: unknown) => findings.push(String(error)));
}
for (const finding of findings) console.error(`== ${finding}`);
process.exitCode = findings.length > 0 ? 1 : 0;
