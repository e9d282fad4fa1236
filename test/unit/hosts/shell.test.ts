import { expect, it } from 'vitest';
import { run } from '../../../scripts/run';
import { localConnection } from '../../../src/hosts/local/connection';
import { execText, quote } from '../../../src/hosts/shell';

it.each([
  '',
  'plain',
  "it's",
  '"',
  '\\',
  '\\\\',
  "\\'",
  '$HOME `id` $(id)',
  '!!',
  'a\nb',
  '*?[a]~',
  '-n',
  'grüße',
])('sh takes the quoted %j as one word, unchanged', async (text) => {
  expect(await run('sh', ['-c', `printf '<%s>' ${quote(text)}`])).toBe(`<${text}>`);
});

it('a short answer is decoded whole, however it is cut', async () => {
  const connection = localConnection();
  const halves = `printf '\\303'; sleep 0.05; printf '\\274'`;
  expect((await execText(connection, halves)).stdout).toBe('ü');
  connection.dispose();
});

it('a short answer is bounded by what the caller says', async () => {
  const connection = localConnection();
  const long = execText(connection, 'printf 12345', { maxBytes: 4 });
  await expect(long).rejects.toMatchObject({ code: 'HOST_ANSWER' });
  expect((await execText(connection, 'printf 1234', { maxBytes: 4 })).stdout).toBe('1234');
  connection.dispose();
});
