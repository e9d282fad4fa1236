import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { words } from '../../webview/words';
import { openScene, type Scene } from './scene';

const SECOND = 1000;
/** Reserved for a service that nobody runs any more. */
const NOBODY_LISTENS = 1;

let scene: Scene;
/** The workspace. */
let folder: string;
beforeAll(async () => {
  // A BTF file that cannot be read is told before anything is done.
  const others = { 'rpsTrace.btf': '/nonexistent' };
  folder = await mkdtemp(join(tmpdir(), 'rps-folder-'));
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(others));
  scene = await openScene({ folder, machineSettings: others });
});
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => scene.explainFailure());

const state = () => scene.panel.state.innerText();
const notice = () => scene.panel.notice.innerText();

describe('a trace that may not start', () => {
  it('says in the panel why a host cannot be reached and what helps, and leads to the log', async () => {
    await scene.start(`nobody@127.0.0.1:${NOBODY_LISTENS}`);
    await expect.poll(state, { timeout: 30 * SECOND }).toBe(words.state.failed);
    const [title, problem, hint] = (await notice()).split('\n').filter((line) => line !== '');
    expect(title).toBe(words.failedTitle);
    expect(problem).toContain('HOST_UNREACHABLE');
    expect(hint).toMatch(/^[A-Z].*\.$/);
    await scene.panel.notice.getByRole('button', { name: words.showLog }).click();
    await scene.workbench.page.locator('.part.panel', { hasText: 'HOST_UNREACHABLE' }).waitFor();
  });

  it('is told nothing by the settings of the workspace and of the machine', async () => {
    await scene.start(`nobody@127.0.0.1:${NOBODY_LISTENS}`);
    await expect.poll(notice, { timeout: 30 * SECOND }).toMatch(/\((HOST_UNREACHABLE|BTF_FILE)\)/);
    expect(await notice()).not.toContain('BTF_FILE');
  });

  it('refuses what cannot be a host while it is typed', async () => {
    await scene.workbench.runCommand('RPS: Start Tracing…');
    await scene.workbench.type('two words');
    await scene.workbench.page.getByRole('option', { name: /"two words" is not a host/ }).waitFor();
    await scene.workbench.page.keyboard.press('Escape');
  });

  it('traces this host, or says why its kernel or account does not allow that', async () => {
    const { workbench } = scene;
    await workbench.runCommand('RPS: Start Tracing…');
    await workbench.pick(/This host/, '');
    const ends = [words.state.waiting, words.state.tracing, words.state.reading, words.state.failed];
    const password = workbench.page.locator('input[type="password"]:visible');
    const outcome = async () => ((await password.count()) > 0 ? 'asks' : state());
    await expect.poll(outcome, { timeout: 60 * SECOND }).toMatch(new RegExp(`^(asks|${ends.join('|')})$`));
    if ((await outcome()) === 'asks') await workbench.page.keyboard.press('Escape');
    else if ((await state()) === words.state.failed) {
      expect(await notice()).toMatch(/\([A-Z_]+\)\s+\S/);
      return;
    } else await workbench.runCommand('RPS: Stop Tracing');
    await expect.poll(state, { timeout: 20 * SECOND }).toBe(words.state.stopped);
  });
});
