import { describe, expect, it } from 'vitest';
import { editorPages, Editor, queues } from './panel/editor';

const withEditor = editorPages();

describe('the mask editor', () => {
  it('takes CPUs in and out by clicks, one, a node or a cache at a time, and shows list and mask', () =>
    withEditor(async (editor) => {
      expect(await editor.said('A')).toEqual(['0-15', '0000ffff']);
      await editor.press('Take all CPUs in or out: node 1');
      await expect.poll(() => editor.said('A')).toEqual(['0-3,8-11', '00000f0f']);
      await editor.cpu(0).click();
      await expect.poll(() => editor.said('A')).toEqual(['1-3,8-11', '00000f0e']);
      expect(await editor.cpu(0).getAttribute('aria-pressed')).toBe('false');
      expect(await editor.cpu(9).getAttribute('aria-pressed')).toBe('true');
      await editor.preset('A', 'Node-local without the IRQ’s CPU');
      await editor.card('A').getByText('ens1f0np0 rx-0: 1-3,8-11 · 00000f0e').waitFor();
      expect(await editor.cpu(0).getAttribute('aria-pressed')).toBe('mixed');
    }));

  it('is walked by keyboard: arrow keys between CPUs, Space takes one in or out', () =>
    withEditor(async ({ page, ...rest }) => {
      const editor = new Editor(rest.panel, rest.feed);
      await editor.preset('A', 'Off');
      await expect.poll(() => editor.said('A')).toEqual(['', '00000000']);
      await editor.cpu(0).focus();
      for (const key of ['ArrowRight', 'Space', 'End', 'Space', 'ArrowLeft']) await page.keyboard.press(key);
      await expect.poll(() => editor.said('A')).toEqual(['8,15', '00008100']);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      expect(await focused()).toMatch(/^CPU 7, node 1/);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
      expect(await focused()).toMatch(/^CPU 7, node 1/);
    }));

  it('reads what is typed in either form at once, and says what the kernel would do', () =>
    withEditor(async (editor) => {
      await editor.field('A', 'CPUs').fill('1-3, 10');
      expect(await editor.said('A')).toEqual(['1-3, 10', '0000040e']);
      await editor.field('A', 'Mask').fill('f0');
      expect(await editor.said('A')).toEqual(['4-7', 'f0']);
      await editor.card('A').getByText('CPU 4-7 is on another node than ens1f0np0 (node 0).').waitFor();
      await editor.field('A', 'Mask').fill('00001111');
      expect(await editor.said('A')).toEqual(['0,4,8,12', '00001111']);
      await editor
        .card('A')
        .getByText('The interrupts go to CPU 0, which is saturated. (ens1f0np0 rx-0)')
        .waitFor();
    }));

  it('refuses bad input, says why, and applies and predicts nothing until it is mended', () =>
    withEditor(async (editor) => {
      const able = (label: string) =>
        editor.page.getByRole('button', { name: label }).evaluate((node) => !node.hasAttribute('disabled'));
      const bad = [
        ['Mask', '0x0f', 'without 0x'],
        ['Mask', 'xyz', '“xyz” is no part of a mask'],
        ['Mask', '1ffffffff', 'more than 8 digits'],
        ['Mask', '', 'at least one digit'],
        ['CPUs', '1-', '“1-” is no part of a list'],
        ['CPUs', '3-1', 'ends before it begins'],
        ['CPUs', '1,99', 'This host has no CPU 99.'],
      ] as const;
      for (const [name, text, why] of bad) {
        await editor.field('A', name).fill(text);
        await editor.card('A').getByText(why).waitFor();
        expect([text, await able('Apply… (Candidate A)'), await able('Predict')]).toEqual([
          text,
          false,
          false,
        ]);
        await editor.field('A', name).fill('2');
        await expect.poll(() => able('Apply… (Candidate A)')).toBe(true);
      }
    }));

  it('shows predictions beside what is real, the floor, and for which share they are certain', () =>
    withEditor(async (editor) => {
      await editor.preset('A', 'Node-local');
      await editor.press('Add Candidate');
      await editor.preset('B', 'One thread per core');
      const candidates = await editor.predict();
      expect(candidates).toEqual([
        { id: 1, queues: queues('0-3,8-11') },
        { id: 2, queues: queues('0-7') },
      ]);
      await editor.page.getByText('No mask gets below 41% on one CPU').waitFor();
      await editor.page.getByText('it is certain for 95% of them').waitFor();
      const table = editor.page.getByRole('table', { name: 'Real and predicted rates by CPU' });
      const row = async (name: string) =>
        await table
          .getByRole('row')
          .filter({ has: editor.page.getByRole('rowheader', { name, exact: true }) })
          .locator('td')
          .allInnerTexts();
      expect(await row('CPU 0')).toEqual(['18,581', '4,465', '4,465']);
      expect(await row('CPU 8')).toEqual(['0', '2,791', '0']);
      expect(await row('imbalance')).toEqual(['1.5 × mean', '1.5 × mean', '1.5 × mean']);
      expect(await row('cross-node')).toEqual(['12%', '0%', '0%']);
      expect(await row('certain')).toEqual(['', '95%', '95%']);
      await editor.cpu(7).click();
      await expect.poll(async () => (await row('cross-node'))[2]).toBe('–');
      expect((await row('cross-node'))[1]).toBe('0%');
      await editor.page.getByRole('button', { name: 'Predict Again' }).waitFor();
      await editor.press('Stop Predicting');
      await expect.poll(() => editor.last()).toEqual({ type: 'setCandidates', candidates: [] });
    }));

  it('says why a host cannot predict', () =>
    withEditor(async (editor) => {
      const { panel, page } = editor;
      await panel.send({
        type: 'predictions',
        predictions: { kind: 'refused', error: 'the kprobe backend sees too little' },
      });
      await page.getByText('This host cannot predict: the kprobe backend sees too little').waitFor();
    }));
});
