import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { words } from '../../webview/words';
import { bootGuest, type Guest } from '../guest/guest';
import { openScene, type Scene } from './scene';
import { sumOf } from './tracePanel';

/** The alias that the SSH configuration of the window gives to the guest, with a key and an account that needs no password. */
const ALIAS = 'guest';
const START_ALIAS = 'Control+Alt+T';
const SECOND = 1000;

let guest: Guest;
let scene: Scene;
let address: string;

beforeAll(async () => {
  const keybindings = [
    { key: START_ALIAS.replace('Control', 'ctrl'), command: 'rpsTrace.start', args: ALIAS },
  ];
  [guest, scene] = await Promise.all([bootGuest(), openScene({ keybindings })]);
  address = `${guest.host}:${guest.port}`;
});
afterAll(async () => {
  await scene.close();
  await guest.stop();
});
beforeEach(() => scene.explainFailure());

/** What a trace would leave behind in the guest: processes and BPF programs, one a line; empty when there is nothing. */
const LEFTOVERS = `{ pgrep -af '[r]pstrace'; bpftool prog show | grep get_rps_c; } || true`;
const leftovers = () => guest.run(LEFTOVERS);

/** Does harm to a running trace, and finds the guest clean 3 s later at most. */
async function expectCleanAfter(harm: () => Promise<unknown>): Promise<void> {
  expect(await leftovers()).toMatch(/get_rps_c/);
  const start = performance.now();
  await harm();
  // Cheap to ask again and again, unlike bpftool; a program that outlives its loader is found after that.
  await guest.run(`while pgrep -f '[r]pstrace' >/dev/null; do sleep 0.05; done`);
  expect(performance.now() - start).toBeLessThan(3 * SECOND);
  expect(await leftovers()).toBe('');
}

/** Makes exactly two decisions a request on lo: one for it, one for its reply. */
async function ping(requests: number): Promise<void> {
  const said = await guest.run(`ping -q -f -c ${requests} 127.0.0.1`, { timeout: 120 });
  expect(said).toContain(`${requests} packets transmitted, ${requests} received`);
}
const setMask = (mask: string) => guest.run(`echo ${mask} > /sys/class/net/lo/queues/rx-0/rps_cpus`);

const loopback = async () => (await scene.panel.rows()).filter((row) => row.interface === 'lo');
const decisions = async () => sumOf(await loopback(), 'skbs');
const toCpu2 = async () =>
  sumOf(
    (await loopback()).filter((row) => row.target === '2'),
    'skbs',
  );
const state = () => scene.panel.state.innerText();
const statusBar = () => scene.workbench.statusBarItem.innerText();
const running = (timeout = 60 * SECOND) =>
  expect.poll(state, { timeout }).toMatch(new RegExp(`^(${words.state.waiting}|${words.state.tracing})$`));

/** Starts by a keybinding, whatever ran before: the SSH configuration of the window gets the guest's alias and key first. */
async function startAlias(): Promise<void> {
  const ssh = join(scene.server.home, '.ssh');
  await mkdir(ssh, { recursive: true, mode: 0o700 });
  const { host, port, privateKeyPath, knownHostsLine } = guest;
  await writeFile(join(ssh, 'known_hosts'), `${knownHostsLine}\n`);
  await writeFile(
    join(ssh, 'config'),
    `Host ${ALIAS}\n HostName ${host}\n Port ${port}\n User bob\n IdentityFile ${privateKeyPath}\n`,
  );
  await scene.workbench.page.keyboard.press(START_ALIAS);
}

async function stop(): Promise<void> {
  await scene.workbench.runCommand('RPS: Stop Tracing');
  await expect.poll(state, { timeout: 20 * SECOND }).toBe(words.state.stopped);
}

describe('a trace over SSH', () => {
  it('asks about the host key and for passwords, counts exactly, and leaves nothing behind', async () => {
    const { workbench, panel } = scene;
    await setMask('f');
    await scene.start(`alice@${address}`);
    const question = await workbench.answerDialog('Trust and Continue');
    expect(question).toContain(fingerprint(guest.knownHostsLine));
    await workbench.answerSecret(/^Password/, 'alice-pw');
    await workbench.answerSecret(/^sudo password/, 'alice-pw');
    await running();
    await workbench.toggleMaximizedPanel();

    const pinging = ping(5000);
    await expect
      .poll(statusBar, { timeout: 60 * SECOND })
      .toMatch(new RegExp(`alice@${address}: [1-9][\\d.]*K?/s`));
    await pinging;
    await panel.sortByInterface();
    await expect.poll(decisions, { timeout: 10 * SECOND }).toBe(10_000);
    const before = await toCpu2();
    await setMask('4');
    await ping(1000);
    await expect.poll(toCpu2, { timeout: 10 * SECOND }).toBe(before + 2000);

    await stop();
    expect(await leftovers()).toBe('');
    expect(await panel.warning.innerText()).toBe('');
    const rows = await loopback();
    expect(sumOf(rows, 'skbs')).toBe(12_000);
    expect(new Set(rows.map((row) => row.verdict))).toEqual(new Set(['map']));
    const map = /CPU (\d) → CPU (\d), ([\d,]+) skbs\./;
    await expect.poll(() => panel.summary.getAttribute('aria-label')).toMatch(map);
    const [, cpu, target, skbs] = map.exec((await panel.summary.getAttribute('aria-label')) ?? '') ?? [];
    const cell = (await panel.rows()).filter((row) => row.cpu === cpu && row.target === target);
    expect(sumOf(cell, 'skbs').toLocaleString('en')).toBe(skbs);
  });

  it('tells that the connection was lost, and the guest is clean within 3 s', async () => {
    // The passwords are still known: nothing is asked.
    await scene.start(`alice@${address}`);
    await running();
    await ping(100);
    await expect.poll(decisions, { timeout: 10 * SECOND }).toBe(200);
    const cut = () => guest.run(`pkill -KILL -f '^sshd[^ ]*: alice'`);
    await expectCleanAfter(cut);
    await expect.poll(state, { timeout: 10 * SECOND }).toBe(words.state.failed);
    const notice = await scene.panel.notice.innerText();
    expect(notice).toContain('CONNECTION_LOST');
    expect(notice).toContain('Start again');

    const counted = await decisions();
    await scene.panel.notice.getByRole('button', { name: words.resume }).click();
    await running();
    await ping(100);
    await expect.poll(decisions, { timeout: 10 * SECOND }).toBe(200);
    expect(counted).toBeGreaterThan(0);
    await stop();
    expect(await leftovers()).toBe('');
  });

  it('reads a host for an account without sudo, and says why it is not traced and what helps', async () => {
    await scene.start(`carol@${address}`);
    await scene.workbench.answerSecret(/^Password/, 'carol-pw');
    await scene.workbench.answerSecret(/^sudo password/, 'carol-pw');
    await expect.poll(state, { timeout: 60 * SECOND }).toBe(words.state.reading);
    const notice = await scene.panel.notice.innerText();
    expect(notice).toContain('SUDO_NOT_ALLOWED');
    expect(notice).toContain('Log in as root');
    await stop();
    expect(await leftovers()).toBe('');
  });

  it('starts with the host of a keybinding, by its alias and key', async () => {
    await startAlias();
    await running();
    await expect.poll(statusBar).toContain(ALIAS);
    await stop();
    expect(await leftovers()).toBe('');
  });

  it('traces several hosts at once, switches between them, and tells of the one that is not shown', async () => {
    const { panel, workbench } = scene;
    const alice = `alice@${address}`;
    const shown = () => panel.hosts.inputValue();
    await scene.start(alice);
    await running();
    await startAlias();
    await expect.poll(shown).toBe(ALIAS);
    await running();
    await panel.hosts.press('ArrowUp');
    while ((await shown()) !== alice) await panel.hosts.press('ArrowUp');
    await expect.poll(statusBar).toContain(alice);
    await workbench.runCommand('RPS: Show Host…');
    await workbench.pick(new RegExp(`^\\s*${ALIAS}\\s*$`), ALIAS);
    await expect.poll(shown).toBe(ALIAS);
    await expect.poll(statusBar).toContain(ALIAS);

    await guest.run(`pkill -KILL -f '^sshd[^ ]*: alice'`);
    const told = workbench.notification(new RegExp(`trace of ${alice} has ended`));
    await told.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(shown).toBe(alice);
    await running();
    expect(await panel.hosts.innerText()).toContain(`${ALIAS} (tracing)`);
    for (const host of [alice, ALIAS]) {
      await workbench.runCommand('RPS: Stop Tracing');
      if (host === alice) await workbench.pick(new RegExp(`^\\s*${alice}\\s*$`), alice);
      await expect
        .poll(() => panel.hosts.innerText(), { timeout: 20 * SECOND })
        .toContain(`${host} (stopped)`);
    }
    expect(await leftovers()).toBe('');
  });

  it('counts what its filter lets through, which libpcap reads on the host while it is typed', async () => {
    const { workbench, panel } = scene;
    await setMask('f');
    await guest.run(`echo 'domain 53/tcp' >>/etc/services`);
    await startAlias();
    await running();
    await panel.frame.getByRole('button', { name: words.setFilter }).click();
    await workbench.type('icmp and (');
    await expect.poll(() => workbench.inputMessage.innerText()).toContain('syntax error at the end');
    await workbench.page.keyboard.press('Enter');
    // What is refused cannot be entered. This here is looked up in the host's own file of services.
    await workbench.type('icmp[icmptype] = icmp-echo and not tcp port domain');
    await expect.poll(() => workbench.inputMessage.innerText()).not.toContain('syntax error');
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => panel.scope.innerText(), { timeout: 20 * SECOND }).toContain('icmp[icmptype]');
    await running();
    await ping(500);
    await expect.poll(decisions, { timeout: 20 * SECOND }).toBe(500);

    await panel.frame.getByRole('button', { name: words.clearPacketFilter }).click();
    await expect.poll(() => panel.scope.isVisible(), { timeout: 20 * SECOND }).toBe(false);
    await running();
    await ping(500);
    await expect.poll(decisions, { timeout: 20 * SECOND }).toBe(1000);

    for (const shown of [/lo/, /^$/]) {
      await workbench.runCommand('RPS: Choose Interfaces…');
      await workbench.toggle(/^\s*lo\s*$/);
      await expect.poll(() => panel.scope.textContent(), { timeout: 20 * SECOND }).toMatch(shown);
      await running();
    }

    await workbench.runCommand('RPS: Set Filter…');
    await workbench.type('udp');
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => panel.scope.innerText(), { timeout: 20 * SECOND }).toContain('udp');
    await stop();
    expect(await leftovers()).toBe('');
    await workbench.runCommand('RPS: Clear Filter');
    await expect.poll(() => panel.scope.isVisible()).toBe(false);
  });

  it('applies a mask behind a guard once the exact write was agreed to, keeps it, and takes it back from the history', async () => {
    const { workbench, panel } = scene;
    const { tuning } = words;
    const mask = async () => (await guest.run('cat /sys/class/net/lo/queues/rx-0/rps_cpus')).trim();
    const press = (name: string) => panel.frame.getByRole('button', { name, exact: true }).first().click();
    await setMask('f');
    await startAlias();
    await running();
    await workbench.runCommand('RPS: Tune Masks…');
    await panel.frame.getByRole('checkbox', { name: 'lo', exact: true }).check();
    await panel.frame.getByRole('textbox', { name: tuning.field.list.name }).first().fill('1-2');
    await press(tuning.withCandidate(tuning.applyThis, 'A'));
    await press(tuning.apply.write);
    const question = await workbench.answerDialog('Write Masks');
    expect(question).toContain('/sys/class/net/lo/queues/rx-0/rps_cpus: f → 6');
    await workbench
      .notification(/unless you keep them/)
      .getByRole('button', { name: 'Keep' })
      .click();
    await panel.frame.getByText(tuning.apply.confirmed).waitFor();
    expect(await mask()).toBe('6');

    await workbench.runAndPick('RPS: Revert Masks…', /\d/, '');
    expect(await workbench.answerDialog('Write Masks')).toContain('rps_cpus: 6 → f');
    await expect.poll(mask).toBe('f');
    await workbench.runCommand('RPS: Revert Masks…');
    await expect.poll(mask).toBe('6');
    await stop();
    expect(await leftovers()).toBe('');
  });

  it('leaves the guest clean within 3 s when the extension host is killed, and starts again after that', async () => {
    await startAlias();
    await running();
    const pid = await scene.server.extensionHostPid();
    await expectCleanAfter(() => Promise.resolve(process.kill(pid, 'SIGKILL')));
    await scene.workbench.page.reload();
    await scene.workbench.runCommand('RPS: Show Panel');
    await expect.poll(state, { timeout: 60 * SECOND }).toBe(words.state.idle);
    await scene.start(ALIAS);
    await running();
    await stop();
    expect(await leftovers()).toBe('');
  });
});

/** As ssh-keygen prints it: base64 of the key's SHA-256 without padding. */
function fingerprint(knownHostsLine: string): string {
  const key = Buffer.from(knownHostsLine.split(' ')[2] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
