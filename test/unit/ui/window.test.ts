import { beforeEach, describe, expect, it } from 'vitest';
import { askWhatToOpen, askWhereToSave } from '../../../src/ui/window/files';
import { Input, askText } from '../../../src/ui/window/inputs';
import { openLog } from '../../../src/ui/window/log';
import { askInDialog, showError, showInformation, showWarning } from '../../../src/ui/window/notices';
import { Pick, pickMany, pickOne } from '../../../src/ui/window/picks';
import { inNotification, inStatusBar } from '../../../src/ui/window/progress';
import { StatusItem } from '../../../src/ui/window/statusItem';
import { fake, widgets } from './fakeVscode';
import { icons, links } from './vscodeSyntax';

const hostile =
  '[Show Log](command:runCommands) $(flame) \u202eabc\u0007 \n[RPS Trace](https://example.org "x")';
const read =
  '[Show Log] (command:runCommands) $ (flame) <U+202E>abc␇ ⏎ [RPS Trace] (https://example.org "x")';
const texts = { title: hostile, prompt: hostile, placeHolder: hostile };
const item = { label: hostile, description: hostile, detail: hostile };
const work = () => Promise.resolve();

beforeEach(() => fake.reset());

/** Everything in VS Code that shows a text, with one that a host has made up. */
const places: Readonly<Record<string, () => unknown>> = {
  'a notification': () => showInformation(hostile, hostile),
  'a warning': () => showWarning(hostile, hostile),
  'an error': () => showError(hostile, hostile),
  'a modal dialog': () => askInDialog(hostile, [hostile, hostile], hostile),
  'a list': () => pickOne([item], texts),
  'a list of several choices': () => pickMany([item], texts),
  'a list that changes': () => {
    const pick = new Pick(texts);
    pick.items = [item, { label: hostile, isSeparator: true }];
    return pick.choose(() => true);
  },
  'an input box': () => askText(texts),
  'an input box that checks': () => {
    const input = new Input(texts);
    input.addButton('history', hostile, work);
    input.refusal = hostile;
    input.show();
  },
  'progress in a notification': () =>
    inNotification(hostile, (report) => {
      report(hostile);
      return work();
    }),
  'progress in the status bar': () => inStatusBar(hostile, work),
  'an item of the status bar': () =>
    new StatusItem('id', hostile, 'rpsTrace.showPanel').show({
      icons: [],
      text: hostile,
      tooltip: [hostile, hostile],
    }),
  'a dialog to save': () => askWhereToSave({ title: hostile, at: '/tmp', filters: {} }, hostile),
  'a dialog to open': () => askWhatToOpen({ title: hostile, at: '/tmp', filters: {} }),
};

describe.each(Object.entries(places))('%s', (_, show) => {
  it('makes no link and no icon of a text, and shows all of it', () => {
    void show();
    const shown = fake.texts();
    for (const text of shown) {
      expect(links(text)).toEqual([]);
      expect(icons(text)).toEqual([]);
    }
    const lines = shown.flatMap((text) => text.split('\n')).filter((line) => /Show|flame|abc/.test(line));
    expect(new Set(lines)).toEqual(new Set([read]));
  });
});

describe('what is chosen', () => {
  it('is what was offered, not how it was shown', async () => {
    fake.answers = [read, read, [read]];
    expect(await showError('text', hostile)).toBe(hostile);
    expect(await pickOne([item], {})).toBe(item);
    expect(await pickMany([item], {})).toEqual([item]);
  });

  it('is nothing when the person gives up', async () => {
    expect(await showError('text', 'Retry')).toBeUndefined();
    expect(await pickOne([item], {})).toBeUndefined();
    expect(await pickMany([item], {})).toBeUndefined();
    expect(await askText(texts)).toBeUndefined();
    const pick = new Pick(texts);
    const chosen = pick.choose(() => true);
    pick.dispose();
    expect(await chosen).toBeUndefined();
  });

  it('of a list that changes is accepted, or the list stays', async () => {
    const pick = new Pick<{ label: string }>({});
    const items = [{ label: 'a' }, { label: 'b' }];
    pick.items = items;
    const chosen = pick.choose(({ label }) => label === 'b');
    const widget = widgets.at(-1);
    if (!widget) throw new Error('no list');
    for (const shown of widget['items'] as unknown[]) {
      widget['activeItems'] = [shown];
      widget.fire('accept');
    }
    expect(await chosen).toBe(items[1]);
  });
});

describe('an icon, and the link to the log', () => {
  it('are only where the extension itself puts them', async () => {
    await pickOne([{ label: 'web $(flame)', icon: 'history' }], {});
    await inNotification(undefined, work);
    const status = { icons: ['pulse'], text: 'web', tooltip: ['a', 'b'], background: 'error' } as const;
    new StatusItem('id', 'name', 'command').show(status);
    expect(fake.texts()).toEqual(
      expect.arrayContaining([
        '$(history) web $ (flame)',
        '[RPS Trace](command:rpsTrace.showLog "Show Log")',
        '$(pulse) web',
        'a\nb',
      ]),
    );
  });
});

describe('the title of a question', () => {
  it('keeps its end, where it stands who asks', async () => {
    await askText({ title: `${'Password for root@bank '.repeat(100)} (alice@web-1)`, prompt: '' });
    const { title } = fake.last(/showInputBox/)['options'] as { title: string };
    expect(title).toMatch(/^Password for root@bank .*….*\(alice@web-1\)$/);
    expect(title.length).toBeLessThanOrEqual(120);
  });
});

describe('a secret', () => {
  it('is hidden, and its box stays until it is aborted', async () => {
    const aborted = new AbortController();
    aborted.abort();
    await askText({ title: 't', prompt: 'p', isSecret: true, stays: true }, aborted.signal);
    expect(fake.last(/showInputBox/)).toMatchObject({ options: { password: true, ignoreFocusOut: true } });
  });
});

describe('the log', () => {
  it('has no entry that a host has made up', () => {
    const log = openLog();
    log.info('web: Welcome\n2026-01-01 00:00:00.000 [error] RPS Trace: forged');
    log.warn('\u202ea');
    log.error('b');
    log.show();
    log.dispose();
    expect(fake.log).toEqual([
      '[info] web: Welcome\n    2026-01-01 00:00:00.000 [error] RPS Trace: forged',
      '[warning] <U+202E>a',
      '[error] b',
    ]);
    expect(fake.ran).toEqual([['log.show']]);
  });
});
