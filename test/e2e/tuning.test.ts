import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApplyState, Candidate, QueueMask } from '../../src/protocol/tuning';
import { openBrowser } from './browser';
import { makeFeed, type Feed } from './panel/feed';
import { buildPanel, objections, withPage, type PanelPage } from './panel/page';
import { themes, type ThemeName } from './panel/themes';
import {
  makeHistory,
  makeKeepTexts,
  makePredictions,
  makeProof,
  planned,
  untuned,
  written,
} from './panel/tuning';

const size = { width: 1200, height: 900 };

let browser: Browser;
beforeAll(async () => {
  await buildPanel();
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** A page that shows the editor for a host with 16 CPUs on two nodes, and four queues on each of two cards. */
class Editor {
  constructor(
    readonly panel: PanelPage,
    readonly feed: Feed,
  ) {}

  get page() {
    return this.panel.page;
  }

  card(letter: string) {
    return this.page
      .getByRole('listitem')
      .filter({ has: this.page.getByText(`Candidate ${letter}`, { exact: true }) });
  }

  field(letter: string, name: 'CPUs' | 'Mask') {
    return this.card(letter).getByRole('textbox', { name });
  }

  cpu(id: number) {
    return this.page.getByRole('button', { name: new RegExp(`^CPU ${id},`) });
  }

  preset(letter: string, name: string) {
    return this.card(letter).getByRole('combobox', { name: 'Preset' }).selectOption(name);
  }

  press(name: string) {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** What both fields of a candidate say. */
  async said(letter: string): Promise<string[]> {
    return [await this.field(letter, 'CPUs').inputValue(), await this.field(letter, 'Mask').inputValue()];
  }

  async last() {
    return (await this.panel.posted()).at(-1);
  }

  apply(apply: ApplyState) {
    return this.panel.send({ type: 'apply', apply });
  }

  /** Presses Predict and answers as the host would. */
  async predict(): Promise<readonly Candidate[]> {
    await this.page.getByRole('button', { name: /^Predict( Again)?$/ }).click();
    const asked = await this.last();
    if (asked?.type !== 'setCandidates') throw new Error('the page did not ask for a prediction');
    await this.panel.send({ type: 'candidates', candidates: asked.candidates });
    await this.panel.send({ type: 'predictions', predictions: makePredictions(asked.candidates) });
    return asked.candidates;
  }
}

/** @param queues the checkboxes of the queues to choose. */
function withEditor(act: (editor: Editor) => Promise<void>, cpus = 16): Promise<void> {
  return withPage(
    browser,
    async (panel) => {
      const feed = makeFeed(cpus, 2);
      await panel.send(feed.snapshot);
      await panel.send({ type: 'tuning', tuning: untuned });
      await panel.page.getByRole('tab', { name: 'Tuning' }).click();
      await panel.page.getByRole('checkbox', { name: 'ens1f0np0' }).check();
      await act(new Editor(panel, feed));
    },
    size,
  );
}

/** The four queues of the first card with one mask. */
const queues = (list: string): QueueMask[] =>
  [0, 1, 2, 3].map((queue) => ({ netns: 4026531840, ifindex: 2, instance: 14, queue, list }));

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

describe('applying masks', () => {
  it('shows the exact writes, asks, counts down, and keeps or reverts', () =>
    withEditor(async (editor) => {
      const { page, feed } = editor;
      await editor.field('A', 'CPUs').fill('1-3');
      await editor.press('Apply… (Candidate A)');
      await expect.poll(() => editor.last()).toEqual({ type: 'previewApply', queues: queues('1-3') });
      const writes = planned(feed, queues('1-3'));
      const preview = { kind: 'previewed', writes, problem: undefined, gone: [] } as const;
      await editor.apply({ ...preview, source: { kind: 'masks', candidate: undefined } });
      await page.getByText('echo 0000000e > /sys/class/net/ens1f0np0/queues/rx-3/rps_cpus').waitFor();
      await page.getByRole('spinbutton').fill('2');
      const write = page.getByRole('button', { name: 'Write…' });
      await expect.poll(() => write.evaluate((node) => node.hasAttribute('disabled'))).toBe(true);
      await page.getByRole('spinbutton').fill('30');
      await write.click();
      await expect.poll(() => editor.last()).toEqual({ type: 'applyMasks', seconds: 30, overwrite: false });
      await editor.apply({ kind: 'applying', writes });
      await page.getByText('Writing, and reading back…').waitFor();
      await editor.apply({ kind: 'applied', writes: written(writes), seconds: 30, left: 3 });
      await page.getByText('Taken back in 3 s unless you keep it.').waitFor();
      await page.getByText('Taken back in 2 s unless you keep it.').waitFor();
      await editor.press('Revert Now');
      await expect.poll(() => editor.last()).toEqual({ type: 'revertApply' });
      await editor.press('Keep');
      await expect.poll(() => editor.last()).toEqual({ type: 'confirmApply' });
      await editor.apply({ kind: 'confirmed', writes: written(writes), changed: false });
      await page.getByText('Kept, until the host restarts.').waitFor();
      await page.locator('.apply').getByRole('button', { name: 'Make It Last…' }).click();
      await expect.poll(() => editor.last()).toEqual({ type: 'keepMasks', queues: queues('1-3') });
      await editor.press('Done');
      await expect.poll(() => editor.last()).toEqual({ type: 'dismissApply' });
    }));

  it('names what went wrong and what mends it, and writes over others’ changes only when told to', () =>
    withEditor(async (editor) => {
      const { page, feed } = editor;
      const [write] = planned(feed, queues('1-3'));
      if (!write) throw new Error('there is nothing to write');
      const problem = { code: 'QUEUE_GONE', message: 'rx-0 is gone.', hint: 'Choose the queues again.' };
      await editor.apply({ kind: 'failed', problem, writes: [write] });
      await page.getByText('rx-0 is gone. (QUEUE_GONE)').waitFor();
      await page.getByText('Choose the queues again. Everything is as it was found.').waitFor();
      await editor.apply({
        kind: 'previewed',
        source: { kind: 'entry', entry: 'b' },
        writes: [{ ...write, conflict: '00000003' }],
        problem: undefined,
        gone: ['eth9, queue 1'],
      });
      await page.getByText('it was left at 0-1 · 00000003 and is 0-15').waitFor();
      await page.getByText('Not on this host any more: eth9, queue 1.').waitFor();
      await page.getByRole('checkbox', { name: 'Also overwrite' }).check();
      await editor.press('Write…');
      await expect.poll(() => editor.last()).toEqual({ type: 'applyMasks', seconds: 60, overwrite: true });
      await editor.apply({
        kind: 'reverted',
        why: 'time',
        writes: [{ ...write, state: 'left', now: '00000001' }],
      });
      await page.getByText('Taken back: nobody kept it in time.').waitFor();
      await page.getByText('changed by somebody else, left alone').waitFor();
    }));

  it('lists the history with a way back, the proof, and texts to copy', () =>
    withEditor(async (editor) => {
      const { page, panel, feed } = editor;
      const writes = planned(feed, queues('1-3'));
      await panel.send({ type: 'maskHistory', history: makeHistory(writes) });
      await page.getByRole('button', { name: /^Revert… / }).click();
      await expect.poll(() => editor.last()).toEqual({ type: 'previewRevert', entry: 'b' });
      await panel.send({ type: 'proof', proof: makeProof('1-3') });
      const proof = page.getByRole('table', { name: 'Before, predicted and after' });
      expect(await proof.getByRole('columnheader').allInnerTexts()).toEqual(['before', 'predicted', 'after']);
      const [systemd] = makeKeepTexts('0000000e');
      await panel.send({ type: 'keepTexts', texts: makeKeepTexts('0000000e') });
      await editor.press('Copy /etc/systemd/network/60-ens1f0np0.link');
      await expect.poll(() => editor.last()).toEqual({ type: 'copyText', text: systemd?.files[0]?.text });
      await page.getByText('Script', { exact: true }).click();
      await page.getByText('#!/bin/sh').waitFor();
    }));
});

describe('the way to the editor', () => {
  it('leads from a finding and from a queue’s row, with that queue chosen', () =>
    withEditor(async ({ panel, page }) => {
      const chosen = () =>
        page
          .getByRole('checkbox', { checked: true })
          .evaluateAll((boxes) => boxes.map((box) => box.dataset['key']));
      await page.getByRole('tab', { name: 'Doctor' }).click();
      await page.getByRole('button', { name: 'Tune ens1f0np0 queue 0…' }).click();
      await expect.poll(chosen).toEqual(['4026531840:2:14:0']);
      await page.getByRole('tab', { name: 'Configuration' }).click();
      await page.getByRole('button', { name: 'Tune ens2f0np0 queue 3…' }).click();
      await expect.poll(chosen).toEqual(['4026531840:3:15:3']);
      await page.getByRole('tab', { name: 'Traffic' }).click();
      await panel.send({ type: 'showTuning', section: 'masks' });
      await expect.poll(chosen).toEqual(['4026531840:3:15:3']);
    }));

  it('is closed in a recording', () =>
    withEditor(async ({ panel, page, feed }) => {
      await panel.send({ ...feed.snapshot, state: { kind: 'recording', ended: false } });
      await page.getByText('Masks can be tuned while a host is traced, not in a recording.').waitFor();
    }));

  it('keeps names with markup as text, and forgets queues that are gone', () =>
    withEditor(async ({ panel, page, feed }) => {
      const name = `<img src=x onerror="window.posted.push('x')">`;
      const [device] = feed.snapshot.devices;
      if (!device) throw new Error('the host has no device');
      await panel.send({
        type: 'devices',
        devices: [{ ...device, name, queues: device.queues.slice(0, 1) }],
      });
      await page.getByRole('checkbox', { name }).waitFor();
      await page.getByText('1 of 1 chosen, 3 gone').waitFor();
      expect(await page.locator('#app img').count()).toBe(0);
    }));

  it('has room for 512 CPUs', () =>
    withEditor(async ({ page }) => {
      await expect.poll(() => page.locator('.cpu').count()).toBe(512);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    }, 512));
});

describe('the tab for tuning', () => {
  it('has nothing that axe objects to in any theme, from a bad mask to the proof', () =>
    withEditor(async (editor) => {
      const { panel, page, feed } = editor;
      const found = async () => {
        const all = [];
        for (const theme of Object.keys(themes) as ThemeName[]) {
          await panel.theme(theme);
          all.push(...(await objections(panel)).map((objection) => [theme, ...objection]));
        }
        return all;
      };
      await page.evaluate(axe.source);
      await editor.press('Queues of ens1f0np0');
      await editor.preset('A', 'Node-local without the IRQ’s CPU');
      await editor.press('Add Candidate');
      await editor.predict();
      await editor.field('B', 'Mask').fill('zz');
      const writes = planned(feed, queues('1-3'));
      const conflicting = writes.map((write) => ({ ...write, conflict: '00000003' }));
      const source = { kind: 'masks', candidate: 2 } as const;
      await editor.apply({ kind: 'previewed', source, writes: conflicting, problem: undefined, gone: [] });
      expect(await found()).toEqual([]);
      await editor.field('B', 'Mask').fill('e');
      await editor.apply({ kind: 'applied', writes: written(writes), seconds: 60, left: 60 });
      await panel.send({ type: 'maskHistory', history: makeHistory(writes) });
      await panel.send({ type: 'proof', proof: makeProof('1-3') });
      await panel.send({ type: 'keepTexts', texts: makeKeepTexts('0000000e') });
      expect(await found()).toEqual([]);
    }));
});
