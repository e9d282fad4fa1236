import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAsRoot } from '../../scripts/run';

/** A copy of /etc for one server, so that a test may change PAM and sudo without this machine's own being touched. */
export class PrivateEtc {
  static async create(): Promise<PrivateEtc> {
    return new PrivateEtc(await mkdtemp(join(tmpdir(), 'rps-etc-')));
  }

  private constructor(readonly path: string) {}

  /** Copies this machine's /etc anew, and writes files for root alone, by their names in it. */
  async fill(files: Readonly<Record<string, string>>): Promise<void> {
    await runAsRoot('sh', ['-c', `rm -rf ${this.path} && cp -a /etc ${this.path}`]);
    const drafts = await mkdtemp(join(tmpdir(), 'rps-draft-'));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(drafts, 'file'), text);
      await runAsRoot('install', ['-m', '440', join(drafts, 'file'), join(this.path, name)]);
    }
    await rm(drafts, { recursive: true });
  }

  async remove(): Promise<void> {
    await runAsRoot('rm', ['-rf', this.path]);
  }
}
