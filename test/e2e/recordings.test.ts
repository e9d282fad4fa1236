import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Recorder } from '../../src/recording/recorder';
import { Counts } from '../../src/trace/counts';
import { devices, hello, row, sample } from '../unit/recording/frames';
import { words } from '../../webview/words';
import { openScene, type Scene } from './scene';
import { sumOf, TracePanel } from './tracePanel';

const SECOND = 1000;
const SAMPLES = 130;
const OPEN = 'Control+Alt+Y';
const EXPORT = 'Control+Alt+E';

let scene: Scene;
let folder: string;
beforeAll(async () => {
  const key = (shortcut: string) => shortcut.replace('Control', 'ctrl').toLowerCase();
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-recordings-'));
  const file = join(folder, 'two-minutes.rpsrec');
  const keybindings = [
    { key: key(OPEN), command: 'rpsTrace.openRecording', args: file },
    { key: key(EXPORT), command: 'rpsTrace.export', args: 'csv' },
  ];
  await record(file);
  scene = await openScene({ keybindings });
});
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => scene.explainFailure());

/** Two minutes of a host: sample n has seen 10 n skbs from CPU 0 to CPU 1. */
async function record(path: string): Promise<void> {
  const counts = new Counts();
  for (const frame of [hello, devices]) counts.apply(frame);
  const meta = { host: 'recorded-host', started: Date.now(), extension: '1' };
  const recorder = await Recorder.create(
    path,
    meta,
    () => counts.opening(),
    (problem) => {
      throw problem;
    },
  );
  for (let seq = 0; seq < SAMPLES; seq++) {
    const frame = sample(seq, [row(0, 1, 10 * seq)]);
    counts.apply(frame);
    recorder.add(frame);
  }
  await recorder.finish();
}

describe('a recording in VS Code', () => {
  it('opens in its editor, goes where the slider is put, and shows the numbers of that moment', async () => {
    const { page, editor } = scene.workbench;
    // The keys of a window that was just drawn are not the user's yet.
    await scene.workbench.runCommand('RPS: Show Panel');
    await expect.poll(() => scene.panel.state.innerText(), { timeout: 30 * SECOND }).toBe(words.state.idle);
    await page.keyboard.press(OPEN);
    const panel = new TracePanel(editor);
    await expect.poll(() => panel.state.innerText(), { timeout: 30 * SECOND }).toBe(words.state.recording);
    const slider = editor.getByRole('slider', { name: 'Time in the recording' });
    const skbs = async () => sumOf(await panel.rows(), 'skbs');
    expect(await slider.getAttribute('max')).toBe(String(SAMPLES - 1));
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(skbs, { timeout: 10 * SECOND }).toBe(10 * (SAMPLES - 1));
    await page.keyboard.press('ArrowLeft');
    await expect.poll(skbs, { timeout: 10 * SECOND }).toBe(10 * (SAMPLES - 2));
    await page.keyboard.press('Home');
    await editor.getByRole('button', { name: 'Step Forward' }).click();
    await expect.poll(skbs, { timeout: 10 * SECOND }).toBe(10);
    await editor.getByRole('button', { name: 'Play' }).click();
    await expect.poll(skbs, { timeout: 10 * SECOND }).toBeGreaterThan(20);
    await editor.getByRole('button', { name: 'Pause' }).click();
    expect(await editor.locator('header').innerText()).toContain('6.12.48');
    expect(await editor.locator('header').innerText()).toContain('tcp port 80');
  });

  it('is exported as a table that can be read back', async () => {
    const { page, editor } = scene.workbench;
    const slider = editor.getByRole('slider', { name: 'Time in the recording' });
    await slider.focus();
    await page.keyboard.press('End');
    const panel = new TracePanel(editor);
    await expect.poll(async () => sumOf(await panel.rows(), 'skbs')).toBe(10 * (SAMPLES - 1));
    await page.keyboard.press(EXPORT);
    const dialog = page.locator('.quick-input-widget:visible');
    await dialog.getByText('Export the current view').waitFor();
    await page.keyboard.press('Enter');
    const { home } = scene.server;
    const exported = async () => (await readdir(home)).filter((name) => name.endsWith('.csv'));
    await expect.poll(exported, { timeout: 20 * SECOND }).toHaveLength(1);
    const [name = ''] = await exported();
    const [head = '', ...lines] = (await readFile(join(home, name), 'utf8')).trimEnd().split('\r\n');
    const columns = head.split(',');
    const values = lines.map((line) => line.split(','));
    const of = (column: string) => values.map((line) => line[columns.indexOf(column)]);
    expect(of('interface')).toEqual(['lo']);
    expect(of('target')).toEqual(['1']);
    expect(of('skbs')).toEqual([String(10 * (SAMPLES - 1))]);
    expect(of('skbs_per_second')).toEqual(['10']);
  });
});
