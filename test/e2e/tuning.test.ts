import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { editorPages, queues } from './panel/editor';
import { objections } from './panel/page';
import { tall } from './panel/pages';
import { photograph } from './panel/pictures';
import { themeNames } from './panel/themes';
import { makeHistory, makeKeepTexts, makeProof, planned, written } from './panel/tuning';

const withEditor = editorPages();

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
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(tall.width);
    }, 512));
});

describe('the tab for tuning', () => {
  it('has nothing that axe objects to in any theme, from a bad mask to the proof', () =>
    withEditor(async (editor) => {
      const { panel, page, feed } = editor;
      await page.setViewportSize({ width: 1200, height: 2200 });
      const found = async (stage: string) => {
        const all = [];
        for (const theme of themeNames) {
          await panel.theme(theme);
          await photograph(page, `tuning-${theme}-${stage}`);
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
      expect(await found('previewed')).toEqual([]);
      await editor.field('B', 'Mask').fill('e');
      await editor.apply({ kind: 'applied', writes: written(writes), seconds: 60, left: 60 });
      await panel.send({ type: 'maskHistory', history: makeHistory(writes) });
      await panel.send({ type: 'proof', proof: makeProof('1-3') });
      await panel.send({ type: 'keepTexts', texts: makeKeepTexts('0000000e') });
      expect(await found('proved')).toEqual([]);
    }));
});
