import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { run } from '../../scripts/run';
import { median, type Section } from './section';

/** 256 CPUs, each of which steers packets of 64 interfaces to 4 others: 65,536 rows. */
const SIZE: readonly number[] = [256, 64, 4];

const report = z.object({ rows: z.number(), us: z.array(z.number()), resident_kib: z.number() });

/** The loader's own reading code on counters of a host that no guest can be: see sizes.c. */
export const sizes: Section = {
  name: 'sizes',
  async measure(bench) {
    const guest = await bench.guest();
    await run('make', ['-s', '-C', 'bpf', `ARCH=${guest.arch}`, 'sizes']);
    const input = await readFile(`dist/loader-build/${guest.arch}/sizes`);
    await guest.run('cat >/tmp/bench/sizes && chmod 755 /tmp/bench/sizes', { input });
    const { rows, us, resident_kib } = report.parse(
      JSON.parse(await guest.run(`/tmp/bench/sizes ${SIZE.join(' ')}`, { timeout: 120 })),
    );
    const expected = SIZE.reduce((product, factor) => product * factor, 1);
    if (rows !== expected) throw new Error(`${rows} rows were told, not ${expected}`);
    const milliseconds = us.map((each) => each / 1000);
    return {
      figures: [
        {
          what: 'resident memory, 256 CPUs, 64 interfaces',
          value: resident_kib / 1024,
          unit: 'MiB',
          goal: 64,
        },
        { what: 'reading 65,536 new rows, printing them', value: milliseconds[0] ?? NaN, unit: 'ms' },
        {
          what: 'the same with rows that are known',
          value: median(milliseconds.slice(1)),
          unit: 'ms',
          goal: 50,
        },
      ],
      every: { sample: milliseconds },
    };
  },
};
