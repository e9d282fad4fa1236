import { readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bundle } from '../../../src/translate/phrases';
import type { ProblemCode } from '../../../src/problem';
import { LINK, READ } from './scene';
import { icons, links } from './vscodeSyntax';

const file = new URL('../../../l10n/bundle.l10n.zh-cn.json', import.meta.url);
const bundle = JSON.parse(readFileSync(file, 'utf8')) as Bundle;
const filled = (text: string) => text.replace(/\{\d\}/g, LINK);

/** The modules as they are in a window in Chinese: they read its language when they are loaded. */
async function load() {
  vi.resetModules();
  const vscode = await import('./fakeVscode');
  const t = vscode.l10n.t;
  Object.assign(vscode.l10n, {
    bundle,
    t: (text: string, ...args: (string | number)[]) => t(bundle[text] ?? text, ...args),
  });
  const { Problem } = await import('../../../src/problem');
  const { reported } = await import('../../../src/ui/reported');
  const { log, notice } = await import('./scene');
  return { fake: vscode.fake, Problem, reported, log, notice };
}

let window: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  window = await load();
});
beforeEach(() => window.fake.reset());

const shown = async (code: ProblemCode, message: string, hint: string) => {
  await window.reported(window.log, () => Promise.reject(new window.Problem(code, message, hint)));
  return window.notice();
};

describe('a sentence in Chinese with a host’s text in it', () => {
  it.each(Object.keys(bundle).filter((text) => text.includes('{0}')))('has no link: %s', async (english) => {
    const text = await shown('AUTH_FAILED', filled(english), filled(english));
    expect(links(text)).toEqual([]);
    expect(icons(text)).toEqual([]);
    expect(text).toContain(READ);
    expect(text).toMatch(/\p{Script=Han}|。/u);
  });

  it('is quoted in Chinese when the loader says it', async () => {
    const text = await shown('LOADER_FAILED', `no BTF in ${LINK}`, 'Look at the log, and start again.');
    expect(text).toBe(
      `RPS Trace: 加载器报告：“no BTF in ${READ}. ${bundle['Look at the log, and start again.'] ?? ''}”`,
    );
  });
});
