import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'ssh2';
import { describe, expect, test, vi } from 'vitest';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';
import { startTraffic } from './traffic';

describe('the bench', () => {
  let guest: Guest;
  bootForTests(bootGuest, (booted) => {
    guest = booted;
  });

  test('boots Linux 6.12 with 4 CPUs on 2 NUMA nodes', async () => {
    expect(await guest.run('uname -r')).toMatch(/^6\.12\./);
    expect(await guest.run('cat /sys/devices/system/node/node*/cpulist')).toBe('0-1\n2-3\n');
  });

  test('has get_rps_cpu in its BTF', async () => {
    const btf = await guest.run('bpftool btf dump file /sys/kernel/btf/vmlinux | grep get_rps_cpu');
    expect(btf).toMatch(/FUNC 'get_rps_cpu'/);
  });

  test('has the file systems that tracing and namespaces need', async () => {
    const types = (await guest.run('cut -d" " -f3 /proc/mounts')).split('\n');
    expect(types).toEqual(expect.arrayContaining(['tracefs', 'debugfs', 'bpf', 'cgroup2', 'devpts']));
    await guest.run('ip netns add probe && ip netns exec probe ip link set lo up && ip netns del probe');
  });

  test.each([
    { user: 'root', password: 'root' },
    { user: 'alice', password: 'alice-pw' },
    { user: 'carol', password: 'carol-pw' },
  ])('lets $user in by password and proves its host key', async ({ user, password }) => {
    expect(await hostKey(guest, user, password)).toBe(guest.knownHostsLine.split(' ')[2]);
  });

  test('lets bob in by key only', async () => {
    await expect(hostKey(guest, 'bob', 'bob-pw')).rejects.toThrow('authentication');
    expect(await guest.run('id -un', { user: 'bob' })).toBe('bob\n');
  });

  test('gives bob sudo without a password, alice with hers, carol none', async () => {
    const byPassword = "sudo -S -p '' id -u";
    expect(await guest.run('sudo -n id -u', { user: 'bob' })).toBe('0\n');
    expect((await guest.runRaw('sudo -n id -u', { user: 'alice' })).code).toBe(1);
    expect(await guest.run(byPassword, { user: 'alice', input: 'alice-pw\n' })).toBe('0\n');
    expect((await guest.runRaw(byPassword, { user: 'carol', input: 'carol-pw\n' })).code).toBe(1);
  });

  test('floods its loopback with 5000 pings within seconds', async () => {
    const report = await guest.run('ping -q -f -c 5000 127.0.0.1', { timeout: 20 });
    expect(report).toContain('5000 packets transmitted, 5000 received');
  });

  test('carries mixed traffic over most pairs of CPUs and several devices, and ends it', async () => {
    const traffic = await startTraffic(guest, 120);
    const decisions = await observe(guest);
    await traffic.stop();
    const pairs = new Set(
      decisions.filter(({ target }) => target >= 0).map(({ cpu, target }) => `${cpu}>${target}`),
    );
    expect(pairs.size).toBeGreaterThanOrEqual(10);
    expect(decisions.some(({ target }) => target === -1)).toBe(true);
    expect(new Set(decisions.map(({ device }) => device)).size).toBeGreaterThanOrEqual(4);
    expect((await guest.runRaw('pgrep -c "iperf3|ping"')).stdout).toBe('0\n');
    expect(await guest.run('ip netns')).toBe('');
  });

  test('tells what a guest that goes down has said last, and keeps all of it', async () => {
    const panic = 'Kernel panic - not syncing: sysrq triggered crash';
    await expect(guest.run('echo c >/proc/sysrq-trigger')).rejects.toThrow(panic);
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const kept = (await guest.stop()) ?? '';
    try {
      expect(said).toHaveBeenCalledWith(expect.stringContaining(kept));
      expect(await readFile(kept, 'utf8')).toMatch(/Linux version[^]*Kernel panic/);
    } finally {
      said.mockRestore();
      await rm(kept, { force: true });
    }
  });
});

test('a guest dies with the process that booted it', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'shell.ts')]);
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const [, pidText, consolePath = ''] = /^QEMU is process (\d+), the console is in (.+)$/.exec(line) ?? [];
  const pid = Number(pidText);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await rm(dirname(consolePath), { recursive: true }); // the one thing that a killed process cannot take along
  for (let waited = 0; waited < 3000 && isAlive(pid); waited += 50) await sleep(50);
  expect(isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The host key, in base64, that the guest proves while `user` logs in. */
function hostKey(guest: Guest, username: string, password: string): Promise<string> {
  const client = new Client();
  let key = '';
  return new Promise<string>((resolve, reject) => {
    client.on('ready', () => resolve(key));
    client.on('error', reject);
    const hostVerifier = (offered: Buffer) => ((key = offered.toString('base64')), true);
    client.connect({
      host: guest.host,
      port: guest.port,
      username,
      password,
      hostVerifier,
      readyTimeout: 60_000,
    });
  }).finally(() => client.end());
}

/** What bpftrace sees get_rps_cpu() return within five seconds. */
async function observe(guest: Guest) {
  const program =
    'kretfunc:vmlinux:get_rps_cpu { @[args.dev->name, cpu, retval] = count(); } interval:s:5 { exit(); }';
  const output = await guest.run(`bpftrace -e '${program}'`, { timeout: 120 });
  return [...output.matchAll(/^@\[(\S+), (\d+), (-?\d+)\]/gm)].map(([, device, cpu, target]) => ({
    device,
    cpu: Number(cpu),
    target: Number(target),
  }));
}
