import * as vscode from 'vscode';
import type { Prompts, SecretRequest, UnknownHostKey } from '../hosts/prompts';
import { said } from './said';

/** Asks the person in VS Code's own input box and modal dialog. */
export const vscodePrompts: Prompts = { secret, acceptHostKey };

async function secret(request: SecretRequest, signal: AbortSignal): Promise<string | undefined> {
  const aborted = new vscode.CancellationTokenSource();
  const abort = () => aborted.cancel();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await vscode.window.showInputBox(
      {
        title: said(request.title),
        prompt: said(request.detail),
        password: !request.echo,
        ignoreFocusOut: true,
      },
      aborted.token,
    );
  } finally {
    signal.removeEventListener('abort', abort);
    aborted.dispose();
  }
}

async function acceptHostKey(key: UnknownHostKey): Promise<boolean> {
  const trust = vscode.l10n.t('Trust and Continue');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('The identity of {0} is not known', key.host),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Its {0} key has the fingerprint\n{1}\n\nCompare it with what the host’s administrator gives you. When you trust it, it is added to known_hosts.',
        key.keyType,
        key.fingerprint,
      ),
    },
    trust,
  );
  return chosen === trust;
}
