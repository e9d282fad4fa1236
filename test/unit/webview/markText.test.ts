import { describe, expect, it } from 'vitest';
import { markText } from '../../../webview/chart/markText';
import { simplifiedChinese } from '../../../webview/words.zh-cn';

const mark = { at: 1, what: 'masks', names: ['eth0'], count: 1 } as const;
const bash = { name: 'bash', pid: 4711, uid: 0 };

describe('a mark on the chart', () => {
  it('says who has changed masks, where that is known', () => {
    expect(markText(mark)).toBe('Masks or flow tables changed: eth0');
    expect(markText({ ...mark, by: { writers: [bash], count: 1 } })).toBe(
      'Masks or flow tables changed: eth0, by bash (pid 4711, uid 0)',
    );
    expect(markText({ ...mark, by: { writers: [{ ...bash, login: 1000 }], count: 3 } })).toBe(
      'Masks or flow tables changed: eth0, by bash (pid 4711, uid 0, logged in as 1000) and 2 more',
    );
  });

  it('says so in Chinese', () => {
    const { writtenBy, writer } = simplifiedChinese.chart;
    expect(writtenBy('掩码或流表已更改：eth0', writer({ ...bash, login: 1000 }))).toBe(
      '掩码或流表已更改：eth0，由 bash（pid 4711，uid 0，登录为 1000）写入',
    );
  });
});
