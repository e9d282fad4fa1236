import { describe, expect, it } from 'vitest';
import { fileName } from '../../../src/ui/fileName';

const at = new Date(2026, 10, 3, 4, 5);

describe('the name that is offered for a file', () => {
  it('has the host and the local time to the minute', () => {
    expect(fileName('alice@web-1.example.org', at, 'rpsrec')).toBe(
      'alice@web-1.example.org-2026-11-03-0405.rpsrec',
    );
  });

  it.each([
    ['this host (büro)', 'this-host-büro'],
    ['root@[fe80::1%eth0]:2222', 'root@-fe80-1-eth0-2222'],
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\con "x" <y>|?*', 'C-con-x-y'],
    ['主机\u202e1\u0000\n', '主机-1'],
    ['...', 'host'],
    ['', 'host'],
  ])('holds of %j what every file system takes', (label, name) => {
    expect(fileName(label, at, 'csv')).toBe(`${name}-2026-11-03-0405.csv`);
  });

  it('is never too long', () => {
    expect(fileName('a'.repeat(1000), at, 'csv')).toHaveLength(80 + '-2026-11-03-0405.csv'.length);
  });
});
