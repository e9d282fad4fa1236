import * as vscode from 'vscode';
import { Problem } from '../problem';
import { GUARD_SECONDS, type HistoryEntry } from '../../shared/messages/tuning';
import type { Tuning } from '../tuning/tuning';
import type { Tunings } from '../tuning/tunings';
import { hostName } from './hostName';
import { problemText } from './problemText';
import { askInDialog, showError, showInformation } from './window/notices';
import { pickOne, type PickItem } from './window/picks';

/** Leaves masks as they are that a guard would take back; asks on which host when there are several. */
export async function keepMasks(tunings: Tunings): Promise<void> {
  const waiting = await pickWaiting(tunings, vscode.l10n.t('Keep the masks of which host?'));
  if (waiting) await waiting.act({ type: 'confirmApply' });
  else void showInformation(vscode.l10n.t('No masks wait to be kept.'));
}

/** Takes back what waits to be kept, or else an entry of the history of the host in front. @throws Problem */
export async function revertMasks(tunings: Tunings): Promise<void> {
  const waiting = await pickWaiting(tunings, vscode.l10n.t('Take back the masks of which host?'));
  if (waiting) {
    await waiting.act({ type: 'revertApply' });
    return;
  }
  const tuning = tunings.front;
  if (!tuning || tuning.history.length === 0) {
    const text = vscode.l10n.t('No masks were applied from here to the host that is shown.');
    void showInformation(text);
    return;
  }
  const placeHolder = vscode.l10n.t('Take back which change of masks on {0}?', hostName(tuning.trace.label));
  const chosen = await pickOne(tuning.history.map(itemOf), { placeHolder });
  if (chosen) await revertEntry(tuning, chosen.id);
}

/** @throws Problem when the host says that it cannot be done. */
async function revertEntry(tuning: Tuning, entry: string): Promise<void> {
  const { trace } = tuning;
  if (trace.state.kind !== 'tracing') {
    throw new Problem('NOT_TRACED', `${trace.label} is not traced.`, 'Start a trace of it first.');
  }
  await tuning.act({ type: 'previewRevert', entry });
  const { state } = tuning;
  if (state.kind !== 'previewed') return;
  if (state.problem) {
    void showError(`RPS Trace: ${problemText(state.problem)}`);
    return;
  }
  const changed = state.writes.filter(({ conflict }) => conflict !== undefined).length;
  if (state.writes.length === 0) {
    void showInformation(vscode.l10n.t('The masks are back already, or their queues are gone.'));
    return;
  }
  const overwrite = changed > 0 ? await askAboutChanged(changed) : false;
  if (overwrite === undefined) return;
  await tuning.act({ type: 'applyMasks', seconds: GUARD_SECONDS.usual, overwrite });
}

/** Whether what somebody else has changed is to be overwritten; undefined: given up. */
async function askAboutChanged(changed: number): Promise<boolean | undefined> {
  const leave = vscode.l10n.t('Leave Them Alone');
  const overwrite = vscode.l10n.t('Overwrite Them');
  const text = vscode.l10n.t('{0} masks have been changed since by somebody else.', changed);
  const chosen = await askInDialog(text, [], leave, overwrite);
  return chosen === undefined ? undefined : chosen === overwrite;
}

async function pickWaiting(tunings: Tunings, placeHolder: string): Promise<Tuning | undefined> {
  const waiting = tunings.all.filter(({ state }) => state.kind === 'applied');
  if (waiting.length < 2) return waiting[0];
  const items = waiting.map((tuning) => ({ label: hostName(tuning.trace.label), tuning }));
  return (await pickOne(items, { placeHolder }))?.tuning;
}

function itemOf({ id, time, outcome, writes }: HistoryEntry): PickItem & { readonly id: string } {
  const names = [...new Set(writes.map(({ name }) => name))].join(', ');
  return {
    id,
    label: new Date(time).toLocaleString(),
    description: outcomeWords(outcome),
    detail: vscode.l10n.t('{0} queues of {1}', writes.length, names),
  };
}

function outcomeWords(outcome: HistoryEntry['outcome']): string {
  switch (outcome) {
    case 'open':
      return vscode.l10n.t('under way');
    case 'confirmed':
      return vscode.l10n.t('kept');
    case 'reverted':
      return vscode.l10n.t('taken back');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'unknown':
      return vscode.l10n.t('changed by others since');
  }
}
