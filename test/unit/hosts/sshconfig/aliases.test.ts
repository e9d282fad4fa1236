import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sshAliases } from '../../../../src/hosts/sshconfig/aliases';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rps-home-'));
  await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(home, '.ssh', name), text);

it('are the hosts that the configuration names, patterns left out', async () => {
  const lines = [
    'Host web-1 web-2 *.example.org',
    'HOST = "db 1" db-1 # not-this',
    'Host !bad db-? local -x web-1',
  ];
  await write(
    'config',
    [...lines, '  HostName x', 'Match host other', '#Host commented', 'host=tight'].join('\r\n'),
  );
  expect((await sshAliases({ home })).hosts).toEqual(['web-1', 'web-2', 'db-1', 'tight']);
});

it('are found in included files, in order, and loops end', async () => {
  await write('config', 'Include conf.d/*.conf ~/.ssh/more none\nHost last');
  await write('conf.d/20.conf', 'Host twenty');
  await write('conf.d/10.conf', 'Host ten\nInclude config');
  await write('conf.d/.hidden.conf', 'Host hidden');
  await write('more', 'Host more');
  expect((await sshAliases({ home })).hosts).toEqual(['ten', 'twenty', 'more', 'last']);
});

it('are none where there is no configuration', async () => {
  expect(await sshAliases({ home: join(home, 'nobody') })).toEqual({ hosts: [], problems: [] });
});

it('are those of the other files where one cannot be read, which is told', async () => {
  await write('config', 'Host first\nInclude folder\nHost last');
  await mkdir(join(home, '.ssh', 'folder'));
  const { hosts, problems } = await sshAliases({ home });
  expect(hosts).toEqual(['first', 'last']);
  expect(problems.map(({ code }) => code)).toEqual(['SSH_CONFIG']);
  expect(problems[0]?.message).toContain(join(home, '.ssh', 'folder'));
});
