import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  hashName,
  judgeKey,
  keyType,
  knownHostName,
  linesFor,
  parseKnownHosts,
} from '../../../src/hosts/ssh/knownHosts';

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

  it('tells a changed key from a key of another type', () => {
    const text = `# comment\n\n${line('web-1', ed)} alice@laptop`;
    expect(judge(text, 'web-1', rsa)).toEqual({ kind: 'unknown' });
    expect(judge(text, 'web-1', other)).toMatchObject({
      kind: 'changed',
      entry: { file: 'known_hosts', line: 3 },
    });
    expect(judge(`${text}\n${line('web-1', other)}`, 'web-1', other)).toEqual({ kind: 'known' });
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
    const text = ['web-1', 'web-1 ssh-ed25519', 'web-1 ssh-ed25519 %%%', `@other ${line('web-1', ed)}`].join(
      '\n',
    );
    expect(parseKnownHosts(text, 'x')).toEqual([]);
  });

  it('prints fingerprints as ssh-keygen does', () => {
    expect(fingerprint(ed)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
