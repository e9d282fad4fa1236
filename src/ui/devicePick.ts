import * as vscode from 'vscode';
import type { Trace } from '../trace/trace';
import { hostName } from './hostName';
import { askText } from './window/inputs';
import { pickMany, pickOne } from './window/picks';

/** Asks for the interfaces to be told, among those that are known of the host; none are all. Undefined: given up. */
export async function askInterfaces(trace: Trace): Promise<readonly string[] | undefined> {
  const { devices, scope } = trace;
  const title = vscode.l10n.t('Show which interfaces of {0}?', hostName(trace.label));
  if (devices.length === 0) {
    const prompt = vscode.l10n.t('Names, with spaces between them. Leave it empty to show all of them.');
    const typed = await askText({ title, prompt, value: scope.interfaces.join(' ') });
    return typed?.split(/\s+/).filter((name) => name !== '');
  }
  const names = new Set([...scope.interfaces, ...devices.map(({ name }) => name).sort()]);
  const items = [...names].map((name) => ({
    label: name,
    description: [...new Set(devices.filter((device) => device.name === name).map(namespaceOf))].join(', '),
    picked: scope.interfaces.includes(name),
  }));
  const placeHolder = vscode.l10n.t('Choose some, or none to show all of them');
  const chosen = await pickMany(items, { title, placeHolder });
  return chosen?.map(({ label }) => label);
}

/** Asks for the network namespace whose interfaces are told; '' is every one. Undefined: given up. */
export async function askNamespace(trace: Trace): Promise<string | undefined> {
  const { devices, scope } = trace;
  const title = vscode.l10n.t('Show which network namespace of {0}?', hostName(trace.label));
  if (devices.length === 0) {
    const prompt = vscode.l10n.t(
      'A name as ip netns lists it, or an inode. Leave it empty to show all of them.',
    );
    return (await askText({ title, prompt, value: scope.netns }))?.trim();
  }
  const every = { label: vscode.l10n.t('Every namespace'), netns: '' };
  const known = new Map(devices.map((device) => [device.netns, namespaceOf(device)]));
  const items = [...known].map(([inode, label]) => {
    const names = devices.filter(({ netns }) => netns === inode).map(({ name }) => name);
    return { label, description: names.join(', '), netns: String(inode) };
  });
  const sorted = items.sort((a, b) => a.label.localeCompare(b.label));
  const chosen = await pickOne([every, ...sorted], { title, matchOnDescription: true });
  // A name is found again after a restart of the host; an inode is not.
  return chosen && (devices.find(({ netns }) => String(netns) === chosen.netns)?.netns_name ?? chosen.netns);
}

/** What a person calls a device's namespace. */
function namespaceOf({ netns_name }: Trace['devices'][number]): string {
  return netns_name ?? vscode.l10n.t('the host’s own namespace');
}
