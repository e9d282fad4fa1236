import * as vscode from 'vscode';
import type { Traces } from '../trace/traces';
import { said } from '../translate/said';
import { stateWords } from './stateWords';
import { showInformation } from './window/notices';
import { pickOne } from './window/picks';

/** Shows another host of this window in the panel; `host` is its label as panels show it; without it the person is asked. */
export async function showHost(
  host: unknown,
  traces: Traces,
  showPanel: () => Thenable<unknown>,
): Promise<void> {
  if (traces.all.length === 0) {
    void showInformation(vscode.l10n.t('No host was traced in this window yet.'));
    return;
  }
  const items = traces.all.map((trace) => ({
    label: said(trace.label),
    description: stateWords(trace),
    trace,
  }));
  const placeHolder = vscode.l10n.t('Show which host in the panel?');
  const chosen =
    typeof host === 'string'
      ? items.find(({ label }) => label === host)
      : await pickOne(items, { placeHolder });
  if (!chosen) return;
  traces.bringToFront(chosen.trace);
  // Who chose in a panel, which may be an editor tab, already sees it.
  if (host === undefined) await showPanel();
}
