import * as vscode from 'vscode';
import type { Prompts, SecretRequest, UnknownHostKey } from '../hosts/prompts';
import { inert, quoted } from '../inert';
import { said } from '../translate/said';
import { askText } from './window/inputs';
import { askInDialog } from './window/notices';

/** Asks the person in VS Code's own input box and modal dialog. */
export const vscodePrompts: Prompts = { secret, acceptHostKey };

function secret(request: SecretRequest, signal: AbortSignal): Promise<string | undefined> {
  const { title, echo } = request;
  return askText({ title: said(title), prompt: promptOf(request), isSecret: !echo, stays: true }, signal);
}

function promptOf({ detail, hostSays = '' }: SecretRequest): string {
  const quote = hostSays.trim() === '' ? '' : vscode.l10n.t('The host says: {0}', quoted(hostSays));
  return [quote, said(detail)].filter((text) => text !== '').join(' ');
}

async function acceptHostKey({ host, keyType, fingerprint }: UnknownHostKey): Promise<boolean> {
  const trust = vscode.l10n.t('Trust and Continue');
  const detail = vscode.l10n.t(
    'Its {0} key has the fingerprint\n{1}\n\nCompare it with what the host’s administrator gives you. When you trust it, it is added to known_hosts.',
    ...[inert(keyType), inert(fingerprint)],
  );
  const text = vscode.l10n.t('The identity of {0} is not known', inert(host));
  return (await askInDialog(text, detail.split('\n'), trust)) === trust;
}
