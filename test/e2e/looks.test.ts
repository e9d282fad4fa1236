import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { Phrases, type Bundle } from '../../src/translate/phrases';
import type { ToPanel } from '../../shared/messages/panel';
import { Editor } from './panel/editor';
import { makeFeed } from './panel/feed';
import { objections, type PanelPage } from './panel/page';
import { heatmap, panelPages, tall, tooltip } from './panel/pages';
import { photograph } from './panel/pictures';
import { themeNames, type ThemeName } from './panel/themes';
import { untuned } from './panel/tuning';

const withPanel = panelPages();
/** As a view in a side bar, and as a panel below an editor. */
const narrow = { width: 400, height: 700 };
const low = { width: 1200, height: 300 };
const lowest = { width: 1200, height: 250 };
const tabs = ['Softnet', 'Configuration', 'Doctor', 'Tuning'];

const { snapshot } = makeFeed(4, 2);
const nothing = { keys: [], totals: new Float64Array(0), rates: new Float64Array(0) };
const never = { ...nothing, history: { at: new Float64Array(), series: [], marks: [] } };

describe.each(themeNames)('in the %s theme', (theme) => {
  const failed = { kind: 'failed', code: 'SUDO_MISSING', message: 'No sudo.', hint: 'Install it.' } as const;

  it('has nothing that axe objects to, in any state and tab', () =>
    withPanel(
      async (panel) => {
        await panel.page.evaluate(axe.source);
        const states = [
          { ...snapshot, ...nothing, host: undefined, state: { kind: 'idle' } as const },
          { ...snapshot, ...nothing },
          { ...snapshot, health: { ...snapshot.health, missed: 1 } },
          { ...snapshot, state: failed },
        ];
        for (const message of states) {
          await panel.send(message);
          const found = await objections(panel);
          expect({ state: message.state.kind, found }).toEqual({ state: message.state.kind, found: [] });
        }
        for (const tab of tabs) {
          await panel.page.getByRole('tab', { name: tab }).click();
          expect({ tab, found: await objections(panel) }).toEqual({ tab, found: [] });
        }
      },
      tall,
      { theme, kept: { filter: { cpu: 0, target: 0 } } },
    ));
});

/** Nothing of a page is to be reached by scrolling it sideways. */
async function expectNoWider({ page }: PanelPage): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
}

/** Takes pictures of the chart in ways that are not the first to be seen. */
async function photographCharts(panel: PanelPage, cpus: number): Promise<void> {
  const { page } = panel;
  await page.getByRole('combobox', { name: 'Window' }).selectOption('10 min');
  for (const way of ['Stacked', 'Lines']) {
    await page.locator('.time').getByText(way, { exact: true }).click();
    for (const theme of themeNames) {
      await panel.theme(theme);
      await photograph(page.locator('.time'), `${cpus}-${theme}-${way}`);
    }
  }
}

describe('its layout', () => {
  it.each([
    [4, 2],
    [64, 2],
    [256, 8],
  ])('fits %i CPUs into a low, a tall and a narrow panel, in every theme', (cpus, nodes) =>
    withPanel(
      async (panel) => {
        const feed = makeFeed(cpus, nodes);
        await panel.send(feed.snapshot);
        for (const [name, size] of Object.entries({ low, tall, narrow })) {
          await panel.page.setViewportSize(size);
          for (const theme of themeNames) {
            await panel.theme(theme);
            await photograph(panel.page, `${cpus}-${theme}-${name}`);
          }
          if (name === 'tall') await photographCharts(panel, cpus);
          await expectNoWider(panel);
          const map = await heatmap(panel).boundingBox();
          expect(map?.height).toBeGreaterThan(150);
          expect(map?.width).toBeGreaterThan(300);
        }
      },
      tall,
      { kept: cpus > 4 ? { scale: 'log' } : undefined },
    ),
  );

  it.each([
    [4, 2, ['dark', 'high-contrast-light']],
    [64, 2, themeNames],
    [256, 8, ['light', 'high-contrast']],
  ] as [number, number, ThemeName[]][])(
    'fits what there is to say of %i CPUs into every tab, at every size',
    (cpus, nodes, seen) =>
      withPanel(async (panel) => {
        const { page } = panel;
        const feed = makeFeed(cpus, nodes);
        await panel.send(feed.snapshot);
        await panel.send({ type: 'tuning', tuning: untuned });
        for (const tab of tabs) {
          await page.getByRole('tab', { name: tab }).click();
          if (tab === 'Tuning') {
            await page.getByRole('checkbox', { name: 'ens1f0np0' }).check();
            await new Editor(panel, feed).predict();
          }
          for (const [name, size] of Object.entries({ lowest, narrow, tall })) {
            await page.setViewportSize(size);
            for (const theme of name === 'tall' ? seen : seen.slice(0, 1)) {
              await panel.theme(theme);
              await photograph(page, `${cpus}-${theme}-${tab}-${name}`);
            }
            await expectNoWider(panel);
          }
        }
      }),
  );

  it('shows where the cursor is, what is under it, and what is selected, in every theme', () =>
    withPanel(
      async (panel) => {
        const { page } = panel;
        await panel.send(makeFeed(64, 2).snapshot);
        await heatmap(panel).focus();
        for (const key of ['ArrowRight', 'ArrowDown', 'PageDown']) await page.keyboard.press(key);
        await expect.poll(() => tooltip(panel).isVisible()).toBe(true);
        for (const theme of themeNames) {
          await panel.theme(theme);
          await photograph(page, `64-${theme}-cursor`);
        }
        await page.keyboard.press('Enter');
        await page.getByRole('slider').focus();
        for (const theme of themeNames) {
          await panel.theme(theme);
          await page.keyboard.press('Home');
          for (let point = 0; point < 20; point++) await page.keyboard.press('Shift+ArrowRight');
          await photograph(page, `64-${theme}-brush`);
        }
      },
      tall,
      { kept: { scale: 'log' } },
    ));
});

describe('where there is nothing to count', () => {
  const { facts, devices, findings } = snapshot;
  const off = devices.map((device) => ({
    ...device,
    queues: device.queues.map((queue) => ({ ...queue, rps_cpus: '0' })),
  }));
  const refused = {
    ...({ name: 'fexit', state: 'refused', code: 'NO_BTF' } as const),
    why: 'the kernel does not describe its types: no /sys/kernel/btf/vmlinux',
    hint: "Boot a kernel with CONFIG_DEBUG_INFO_BTF=y, as distributions' kernels have, or give the kernel's types with --btf FILE.",
  };
  const unprivileged = {
    code: 'SUDO_NOT_ALLOWED',
    message: 'This account may not use sudo to run the loader on web-1.',
    hint: 'Log in as root or as an account that may use sudo, or have an administrator allow it.',
  };
  const lost = {
    kind: 'failed',
    code: 'CONNECTION_LOST',
    message: 'The connection to alice@web-1.example.org was lost: read ECONNRESET.',
    hint: 'Start again when the host can be reached.',
  } as const;
  const tracing = { kind: 'tracing' } as const;
  const states: Record<string, Partial<Extract<ToPanel, { type: 'snapshot' }>>> = {
    idle: { ...never, host: undefined, state: { kind: 'idle' }, facts: undefined },
    connecting: {
      ...never,
      facts: undefined,
      state: { kind: 'connecting', step: 'Uploading the loader to web-1' },
    },
    masked: { ...never, state: tracing, findings: undefined },
    off: { ...never, state: tracing, devices: off, findings: undefined },
    explained: { ...never, state: tracing, devices: off, findings },
    refused: { ...never, state: tracing, facts: facts && { ...facts, backend: 'none', backends: [refused] } },
    unprivileged: {
      ...{ ...never, state: { ...tracing, unprivileged } },
      facts: facts && { ...facts, backend: 'none', backends: [] },
    },
    stopped: { state: { kind: 'stopped', reason: 'Stopped on request; the loader has gone.' } },
    failed: { ...never, state: lost },
    lost: { state: lost },
  };

  it('says so in Simplified Chinese, with the words of the loader as the extension host translates them', async () => {
    const bundle = await readFile(new URL('../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8');
    const phrases = new Phrases(JSON.parse(bundle) as Bundle);
    const say = (text: string) => phrases.say(text);
    const host = say('this host (web-1)');
    const backend = { ...refused, why: say(refused.why), hint: say(refused.hint) };
    const read = facts && { ...facts, backend: 'none', backends: [backend] };
    await withPanel(
      async (panel) => {
        const hosts = [
          { label: host, state: 'reading' },
          { label: 'web-2', state: 'tracing' },
        ] as const;
        await panel.send({ ...snapshot, ...never, host, state: tracing, facts: read });
        await panel.send({ type: 'hosts', hosts });
        await photograph(panel.page, 'zh-cn-reading');
        const said = await panel.page.locator('#app').innerText();
        expect(await panel.page.locator('.host option').allTextContents()).toContain(
          '本机（web-1）（仅可读取）',
        );
        expect(said).toContain('内核没有描述其类型：缺少 /sys/kernel/btf/vmlinux');
        expect(said).not.toMatch(/Boot a kernel|this host/);
      },
      tall,
      { language: 'zh-cn' },
    );
  });

  it.each(Object.entries(states))('says why: %s', (name, state) =>
    withPanel(async (panel) => {
      await panel.send({ ...snapshot, ...state });
      for (const [size, theme] of [
        [tall, 'dark'],
        [lowest, 'high-contrast'],
        [narrow, 'light'],
      ] as const) {
        await panel.page.setViewportSize(size);
        await panel.theme(theme);
        await photograph(panel.page, `state-${name}-${size.width}x${size.height}`);
        await expectNoWider(panel);
      }
      expect(await panel.page.locator('.notice:visible').innerText()).not.toBe('');
    }),
  );
});
