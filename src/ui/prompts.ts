import * as vscode from 'vscode';
import type { Prompts, SecretRequest, UnknownHostKey } from '../hosts/prompts';
import { inert, quoted } from '../inert';
import { said } from '../translate/said';
import { askText } from './window/inputs';
import { askInDialog } from './window/notices';

/** Asks the person in VS Code's own input box and modal dialog. */
export const vscodePrompts: Prompts = { secret, acceptHostKey };

/** Lines of `detail` that the extension writes. Any other line is a host's, and is quoted. */
export const ownLines: ReadonlySet<string> = new Set([
  'That was not accepted.',
  'That was not accepted. Try again.',
  'That passphrase was wrong. Try again.',
  'That password was wrong. Try again.',
  'The loader needs root to attach to the kernel.',
  'sudo asks for more: for the password again, or for a code.',
  'The host itself may be asking this. Do not type what opens something else.',
]);

function secret({ title, detail, echo }: SecretRequest, signal: AbortSignal): Promise<string | undefined> {
  return askText({ title: said(title), prompt: promptOf(detail), isSecret: !echo, stays: true }, signal);
}

function promptOf(detail: string): string {
  const lines = detail.split('\n');
  const hostLines = lines.filter((line) => !ownLines.has(line)).join('\n');
  const quote = hostLines.trim() === '' ? [] : [vscode.l10n.t('The host says: {0}', quoted(hostLines))];
  return [...quote, ...lines.filter((line) => ownLines.has(line)).map(said)].join(' ');
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
