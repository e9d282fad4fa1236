import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLoader } from '../../../scripts/build-loader';
import { run } from '../../../scripts/run';

// The loader runs as root and reads what others wrote. These read off the files what stops a fault in it.

beforeAll(buildLoader, 300_000);

describe.each(['x86_64', 'aarch64'])('the loader for %s', (arch) => {
  const binary = `dist/loader/rpstrace-${arch}`;
  const readelf = (file: string, ...options: string[]) => run('readelf', ['-W', ...options, file]);
  const objects = async () => {
    const folder = `dist/loader-build/${arch}`;
    const files = await readdir(folder, { recursive: true });
    return files.filter((file) => /^(?!kernel\/).*\.o$/.test(file)).map((file) => join(folder, file));
  };

  it('lies at another address each time, and needs no program of the host for that', async () => {
    expect(await readelf(binary, '-h')).toMatch(/Type:\s+DYN/);
    expect(await readelf(binary, '-d')).toMatch(/FLAGS_1.*\bPIE\b/);
    expect(await readelf(binary, '-l')).not.toContain('INTERP');
    expect(await readelf(binary, '-d')).not.toMatch(/TEXTREL|NEEDED/);
  });

  it('has nothing that can be both written and run', async () => {
    const segments = (await readelf(binary, '-l')).match(/^ {2}(?:LOAD|GNU_STACK).*/gm) ?? [];
    expect(segments.length).toBeGreaterThan(2);
    expect(segments.some((segment) => /GNU_STACK .* RW +0x/.test(segment))).toBe(true);
    expect(segments.filter((segment) => / RWE /.test(segment))).toEqual([]);
  });

  it('cannot write to its tables of addresses once it runs', async () => {
    expect(await readelf(binary, '-l')).toContain('GNU_RELRO');
    expect(await readelf(binary, '-d')).toMatch(/FLAGS_1.*\bNOW\b/);
  });

  it('checks its stack, and the room of what it fills', async () => {
    const wanted = (await run('nm', ['--undefined-only', ...(await objects())])).split(/\s+/);
    expect(wanted).toContain('__stack_chk_fail');
    expect(wanted).toContain('__vsnprintf_chk');
  });

  it('marks where jumps may lead, in each of its own objects', async () => {
    const mark = arch === 'x86_64' ? 'x86 feature: IBT, SHSTK' : 'AArch64 feature: BTI, PAC';
    const files = await objects();
    const notes = (await run('readelf', ['-W', '-n', ...files])).split(/^File: /m).slice(1);
    expect(notes).toHaveLength(files.length);
    expect(notes.filter((note) => !note.includes(mark))).toEqual([]);
  });
});

// gcc for aarch64 takes the guard for 64 KiB (--param stack-clash-protection-guard-size), and no frame is that large.
it('the loader for x86_64 touches each page of a large frame, so that none can leap over the guard of the stack', async () => {
  // filter_compile() has room for every instruction of a filter.
  const code = await run('objdump', ['-d', 'dist/loader-build/x86_64/filter/filter.o']);
  expect(code).toMatch(/or[lq]\s+\$0x0,/);
});
