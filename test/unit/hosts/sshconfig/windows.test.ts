import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { interpret, hostConfig } from '../../../../src/hosts/sshconfig/config';
import { readConfigFiles } from '../../../../src/hosts/sshconfig/configFiles';
import { includedFiles } from '../../../../src/hosts/sshconfig/configLines';
import { sshEnvironment, sshFolder } from '../../../../src/hosts/sshconfig/environment';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-windows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const windows = (env: NodeJS.ProcessEnv = {}, program = 'ssh') =>
  sshEnvironment({ platform: 'win32', program, env: { USERPROFILE: 'C:\\Users\\Ann Lee', ...env } });

/** What the ssh of Windows 11 (OpenSSH_for_Windows_9.5p1) prints for a host of a configuration, shortened. */
const printed = [
  'host web',
  'user corp\\ann',
  'hostname web.example.org',
  'port 2222',
  'identityfile ~/.ssh/id_rsa',
  'identityfile C:\\Users\\Ann Lee\\.ssh\\web key',
  'globalknownhostsfile __PROGRAMDATA__\\ssh/ssh_known_hosts __PROGRAMDATA__\\ssh/ssh_known_hosts2',
  'userknownhostsfile ~/.ssh/known_hosts ~/.ssh/known_hosts2',
];

it('asks ssh.exe, whose lines end as those of Windows do, and reads its paths', async () => {
  const program = join(folder, 'ssh.exe');
  await writeFile(program, `#!/bin/sh\nprintf '%s\\r\\n' ${printed.map((line) => `'${line}'`).join(' ')}\n`);
  await chmod(program, 0o755);
  const environment = windows({ PATH: process.env['PATH'], ProgramData: 'D:\\Data' }, program);
  const config = await hostConfig('web', environment, new AbortController().signal);
  expect(config).toMatchObject({
    hostName: 'web.example.org',
    port: 2222,
    user: 'corp\\ann',
    identityFiles: ['C:\\Users\\Ann Lee\\.ssh\\id_rsa', 'C:\\Users\\Ann Lee\\.ssh\\web key'],
    userKnownHostsFiles: ['C:\\Users\\Ann Lee\\.ssh\\known_hosts', 'C:\\Users\\Ann Lee\\.ssh\\known_hosts2'],
    globalKnownHostsFiles: ['D:\\Data\\ssh/ssh_known_hosts', 'D:\\Data\\ssh/ssh_known_hosts2'],
  });
});

it.each([
  ['is OpenSSH’s pipe', {}, [], '\\\\.\\pipe\\openssh-ssh-agent'],
  ['is what SSH_AUTH_SOCK names', { SSH_AUTH_SOCK: '\\\\.\\pipe\\other' }, [], '\\\\.\\pipe\\other'],
  ['is what IdentityAgent names', {}, ['\\\\.\\pipe\\mine'], '\\\\.\\pipe\\mine'],
  ['is none where IdentityAgent says so', {}, ['none'], undefined],
])('takes the agent that %s', (_how, env, identityAgent, agent) => {
  const settings = new Map([['identityagent', identityAgent]]);
  expect(interpret('web', settings, windows(env)).agent).toBe(agent);
});

it('finds the folders of the user and of the machine, where there is no ssh.exe too', async () => {
  expect(sshFolder(windows())).toBe('C:\\Users\\Ann Lee\\.ssh');
  const settings = await readConfigFiles({ host: 'web', user: undefined, port: undefined }, windows());
  expect(settings.get('identityfile')?.[0]).toBe('C:\\Users\\Ann Lee\\.ssh\\id_rsa');
  expect(settings.get('userknownhostsfile')?.[0]).toBe('C:\\Users\\Ann Lee\\.ssh\\known_hosts');
  expect(settings.get('globalknownhostsfile')?.[0]).toBe('C:\\ProgramData\\ssh\\ssh_known_hosts');
});

it('takes an Include with slashes or backslashes, from the user’s folder or a drive', async () => {
  const args = ['conf.d/web', 'D:\\ssh\\more', '~\\other'];
  expect(await includedFiles(args, windows())).toEqual([
    'C:\\Users\\Ann Lee\\.ssh\\conf.d\\web',
    'D:\\ssh\\more',
    'C:\\Users\\Ann Lee\\other',
  ]);
});

it('does not share connections, which needs what only Unix has', () => {
  expect(windows().multiplexes).toBe(false);
  expect(sshEnvironment({ platform: 'linux' }).multiplexes).toBe(true);
});
