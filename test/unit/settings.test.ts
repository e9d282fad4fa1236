import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBtf } from '../../src/loader/btf';

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const { properties } = (JSON.parse(read('package.json')) as Manifest).contributes.configuration;

/**
 * VS Code takes settings of the scope `application` from the user settings alone. Those of the scope `machine` it also takes from the
 * settings of a remote machine, which a devcontainer.json writes: REMOTE_MACHINE_SCOPES in its configuration.ts.
 */
describe.each(Object.entries(properties))('the setting %s', (name, { scope }) => {
  it('is taken from nothing but the user settings', () => {
    expect(scope).toBe('application');
  });

  it('is in SECURITY.md, which says so', () => {
    expect(read('SECURITY.md')).toContain(`\`${name}\``);
  });
});

describe('the file of rpsTrace.btf', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rps-btf-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is a regular file, named from the root on', async () => {
    const file = join(folder, 'types');
    await writeFile(file, 'types');
    expect(Buffer.from((await readBtf(file)).bytes).toString()).toBe('types');
    const refused = { code: 'BTF_FILE' };
    await expect(readBtf(relative(process.cwd(), file))).rejects.toMatchObject(refused);
    await expect(readBtf('/dev/zero')).rejects.toMatchObject(refused);
    await expect(readBtf(folder)).rejects.toMatchObject(refused);
  });
});
