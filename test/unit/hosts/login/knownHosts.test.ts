import { describe, expect, it } from 'vitest';
import { isPlainName } from '../../../../src/hosts/ssh2/addKnownHost';
import {
  fingerprint,
  hashName,
  judgeKey,
  keyType,
  knownHostName,
  linesFor,
  parseKnownHosts,
  rsaBits,
} from '../../../../src/hosts/login/knownHosts';

/** A public key blob that names its type. */
function key(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type + content)]);
}
const ed = key('ssh-ed25519', 'one');
const other = key('ssh-ed25519', 'two');
const rsa = key('ssh-rsa', 'three');

const line = (names: string, blob: Buffer) => `${names} ${keyType(blob)} ${blob.toString('base64')}`;
const judge = (text: string, host: string, blob: Buffer) =>
  judgeKey(linesFor(parseKnownHosts(text, 'known_hosts'), host), blob);

describe('known_hosts', () => {
  it('names a host by its port unless that is 22', () => {
    expect(knownHostName('Web-1', 22)).toBe('web-1');
    expect(knownHostName('Web-1', 2222)).toBe('[web-1]:2222');
  });

  it.each([
    ['web-1', 'web-1'],
    ['WEB-1', 'web-1'],
    ['a,web-1,b', 'web-1'],
    ['web-?', 'web-1'],
    ['*', '[web-1]:2222'],
    ['[*]:2222', '[web-1]:2222'],
    [hashName('web-1', Buffer.from('salt')), 'web-1'],
  ])('line %s knows %s', (names, host) => {
    expect(judge(line(names, ed), host, ed)).toEqual({ kind: 'known' });
  });

  it.each([
    ['web-1', 'web-11'],
    ['web.1', 'web-1'],
    ['web-1', '[web-1]:2222'],
    ['web-*,!web-1', 'web-1'],
    ['!web-1', 'web-2'],
    [hashName('web-1', Buffer.from('salt')), 'web-2'],
  ])('line %s does not know %s', (names, host) => {
    expect(judge(line(names, ed), host, ed)).toEqual({ kind: 'unknown' });
  });

  it('takes a host for changed that shows none of its known keys, of whatever type', () => {
    const text = `# comment\n\n${line('web-1', ed)} alice@laptop`;
    for (const shown of [other, rsa]) {
      const entry = { file: 'known_hosts', line: 3 };
      expect(judge(text, 'web-1', shown)).toMatchObject({ kind: 'changed', entry });
      expect(judge(`${text}\n${line('web-1', shown)}`, 'web-1', shown)).toEqual({ kind: 'known' });
    }
  });

  it('names the line with a key of the type that is shown, where there is one', () => {
    const text = [line('web-1', ed), line('web-1', rsa)].join('\n');
    expect(judge(text, 'web-1', other)).toMatchObject({ kind: 'changed', entry: { line: 1 } });
  });

  it('lets a revoked key win over a known one', () => {
    const text = `${line('web-1', ed)}\n@revoked ${line('*', ed)}`;
    expect(judge(text, 'web-1', ed)).toMatchObject({ kind: 'revoked', entry: { line: 2 } });
  });

  it('does not take the key of an authority for the key of a host', () => {
    expect(judge(`@cert-authority ${line('*', ed)}`, 'web-1', ed)).toEqual({ kind: 'unknown' });
    expect(judge(`@cert-authority ${line('*', ed)}`, 'web-1', other)).toEqual({ kind: 'unknown' });
  });

  it('passes over lines that make no sense', () => {
    const base64 = ed.toString('base64');
    const lines = [
      'web-1',
      'web-1 ssh-ed25519',
      'web-1 ssh-ed25519 %%%',
      `@other ${line('web-1', ed)}`,
      // The type in the key is another one, or one that no ssh has.
      `web-1 ssh-rsa ${base64}`,
      line('web-1', key('ssh-other', 'four')),
    ];
    expect(parseKnownHosts(lines.join('\n'), 'x')).toEqual([]);
  });

  it.each(['web-1', 'web_1.example.org', '192.0.2.1', '2001:db8::1', 'fe80::1%eth0', 'bücher.example'])(
    'may name %s',
    (name) => expect(isPlainName(name)).toBe(true),
  );

  it.each([
    '*,x.evil.example',
    'a,b',
    'web-?',
    '!web',
    '|1|a|b',
    '[web]',
    'a b',
    'a\nb',
    'a\u0000b',
    '@revoked',
    '#web',
    '',
  ])('may not name %j, which would stand for others', (name) => expect(isPlainName(name)).toBe(false));

  it('tells the length of an RSA key by its modulus', () => {
    const number = (bytes: number[]) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, Buffer.from(bytes)]).toString('latin1');
    };
    const modulus = (...bytes: number[]) => {
      const text = number([1, 0, 1]) + number(bytes);
      return Buffer.concat([key('ssh-rsa', ''), Buffer.from(text, 'latin1')]);
    };
    expect(rsaBits(modulus(0, 0x80, 0))).toBe(16);
    expect(rsaBits(modulus(0x7f, 0xff))).toBe(15);
    expect(rsaBits(modulus())).toBe(0);
    expect(rsaBits(key('ssh-rsa', ''))).toBe(0);
    expect(rsaBits(ed)).toBeUndefined();
  });

  it('prints fingerprints as ssh-keygen does', () => {
    expect(fingerprint(ed)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
