import * as vscode from 'vscode';
import type { Prompts, SecretRequest, UnknownHostKey } from '../hosts/prompts';
import { inert } from '../inert';
import { hostName } from './hostName';
import { said } from './said';
import { askText } from './window/inputs';
import { askInDialog } from './window/notices';

/** Asks the person in VS Code's own input box and modal dialog. */
export const vscodePrompts: Prompts = { secret, acceptHostKey };

function secret({ title, detail, echo }: SecretRequest, signal: AbortSignal): Promise<string | undefined> {
  return askText({ title: said(title), prompt: said(detail), isSecret: !echo, stays: true }, signal);
}

async function acceptHostKey({ host, keyType, fingerprint }: UnknownHostKey): Promise<boolean> {
  const trust = vscode.l10n.t('Trust and Continue');
  const detail = vscode.l10n.t(
    'Its {0} key has the fingerprint\n{1}\n\nCompare it with what the host’s administrator gives you. When you trust it, it is added to known_hosts.',
    ...[inert(keyType), inert(fingerprint)],
  );
  const text = vscode.l10n.t('The identity of {0} is not known', hostName(host));
  return (await askInDialog(text, detail.split('\n'), trust)) === trust;
}
