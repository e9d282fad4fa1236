import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { sshAliases } from '../hosts/sshconfig/aliases';
import type { Log } from '../hosts/prompts';
import { parseTarget, type Target } from '../hosts/target';
import { Problem } from '../problem';
import { said } from '../translate/said';
import { Pick, type PickItem } from './window/picks';

interface HostItem extends PickItem {
  /** What `parseTarget` reads. */
  readonly text?: string;
}

const RECENT_KEY = 'recentHosts';
const RECENT_MOST = 10;

/** Asks for a host: this one, one traced before, one of the SSH configuration, or what is typed. */
export async function pickHost(
  memory: vscode.Memento,
  log: Log,
  title = vscode.l10n.t('Trace RPS on which host?'),
): Promise<Target | undefined> {
  const placeHolder = vscode.l10n.t('Choose a host or type user@host:port');
  const pick = new Pick<HostItem>({ title, placeHolder, matchOnDescription: true });
  pick.busy = true;
  let known: HostItem[] = [];
  const refresh = () => {
    pick.items = [...typed(pick.value, known), ...known];
  };
  pick.onTyped(refresh);
  const chosen = pick.choose(({ text }) => text !== undefined);
  const { hosts, problems } = await sshAliases();
  for (const { message } of problems) log.warn(message);
  known = [...knownHosts(recentHosts(memory), hosts), ...problems.map(unreadable)];
  refresh();
  pick.busy = false;
  const item = await chosen;
  pick.dispose();
  return item?.text === undefined ? undefined : parseTarget(item.text);
}

/** Puts a host on top of the recent ones. */
export async function rememberHost(memory: vscode.Memento, text: string): Promise<void> {
  const others = recentHosts(memory).filter((host) => host !== text);
  await memory.update(RECENT_KEY, [text, ...others].slice(0, RECENT_MOST));
}

function recentHosts(memory: vscode.Memento): string[] {
  const stored: unknown = memory.get(RECENT_KEY);
  return Array.isArray(stored) ? stored.filter((host) => typeof host === 'string') : [];
}

function knownHosts(recent: readonly string[], aliases: readonly string[]): HostItem[] {
  const where =
    vscode.env.remoteName === undefined
      ? vscode.l10n.t('where VS Code runs')
      : vscode.l10n.t('the remote machine of this window');
  const here: HostItem[] =
    process.platform === 'linux'
      ? [
          {
            icon: 'vm',
            label: vscode.l10n.t('This host'),
            description: `${hostname()}, ${where}`,
            text: 'local',
            alwaysShow: true,
          },
        ]
      : [];
  const configured = aliases.filter((alias) => !recent.includes(alias));
  return [
    ...here,
    ...group(vscode.l10n.t('recent'), 'history', recent),
    ...group(vscode.l10n.t('SSH configuration'), 'remote', configured),
  ];
}

/** Why hosts may be missing from the list. */
function unreadable({ message, hint }: Problem): HostItem {
  return { icon: 'warning', label: said(message), detail: said(hint), alwaysShow: true };
}

function group(title: string, icon: string, hosts: readonly string[]): HostItem[] {
  const others = hosts.filter((host) => host !== 'local');
  if (others.length === 0) return [];
  return [{ label: title, isSeparator: true }, ...others.map((host) => ({ icon, label: host, text: host }))];
}

/** What is typed, when it is not on the list: to be traced, or why it cannot be a host. */
function typed(value: string, known: readonly HostItem[]): HostItem[] {
  const text = value.trim();
  if (text === '' || known.some((item) => item.text === text)) return [];
  try {
    parseTarget(text);
    return [{ icon: 'plug', label: vscode.l10n.t('Trace {0}', text), text, alwaysShow: true }];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [{ icon: 'error', label: said(error.message), detail: said(error.hint), alwaysShow: true }];
  }
}
