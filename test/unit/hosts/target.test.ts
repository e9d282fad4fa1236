import { describe, expect, it } from 'vitest';
import { parseDestination, parseTarget } from '../../../src/hosts/target';

describe('a target', () => {
  it('is this host only by the text local', () => {
    expect(parseTarget(' local ')).toEqual({ kind: 'local' });
    expect(parseTarget('localhost')).toEqual({ kind: 'ssh', destination: 'localhost' });
    expect(parseTarget('me@local')).toEqual({ kind: 'ssh', destination: 'me@local' });
  });

  it.each([
    ['web-1', 'web-1', undefined, undefined],
    ['alice@web-1', 'web-1', 'alice', undefined],
    ['alice@web-1:2222', 'web-1', 'alice', 2222],
    ['web-1:22', 'web-1', undefined, 22],
    ['alice@corp.example@web-1', 'web-1', 'alice@corp.example', undefined],
    ['192.0.2.7:65535', '192.0.2.7', undefined, 65535],
    ['[2001:db8::1]:2222', '2001:db8::1', undefined, 2222],
    ['bob@[2001:db8::1]', '2001:db8::1', 'bob', undefined],
    ['2001:db8::1', '2001:db8::1', undefined, undefined],
    ['fe80::1%eth0', 'fe80::1%eth0', undefined, undefined],
    ['ssh://alice@web-1:2222', 'web-1', 'alice', 2222],
    ['ssh://a%40b@[::1]/', '::1', 'a@b', undefined],
  ])('%s has its parts', (text, host, user, port) => {
    expect(parseTarget(text)).toEqual({ kind: 'ssh', destination: text });
    expect(parseDestination(text)).toEqual({ host, user, port });
  });

  it.each([
    '',
    '-oProxyCommand=evil',
    'alice@-oProxyCommand=evil',
    '-l@web-1',
    'web 1',
    'web\n1',
    'web\u0000',
    '@web-1',
    'web-1:',
    'web-1:0',
    'web-1:65536',
    'web-1:ssh',
    '[::1]x',
    'web;reboot',
    'web$(id)',
    "web'1",
    'ssh://web-1/path',
    'ssh://%zz@web-1',
  ])('%j is refused', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'HOST_NAME_INVALID' }));
  });
});
