import * as vscode from 'vscode';
import type { ApplyState } from '../../shared/messages/tuning';
import type { Tuning } from '../tuning/tuning';
import type { Tunings } from '../tuning/tunings';
import { hostName } from './hostName';
import { problemText } from './problemText';
import { showError, showInformation, showWarning } from './window/notices';
import { StatusItem } from './window/statusItem';

/** Tells of masks that wait to be kept, with the time that is left, and of how that ended. */
export function guardNotice(tunings: Tunings): vscode.Disposable {
  const item = new StatusItem('rpsTrace.guard', vscode.l10n.t('RPS masks on trial'), 'rpsTrace.keepMasks');
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    const waiting = tunings.all.flatMap(({ trace, state }) =>
      state.kind === 'applied' ? [{ host: hostName(trace.label), left: Math.ceil(state.left) }] : [],
    );
    const [next] = waiting.sort((a, b) => a.left - b.left);
    if (!next) {
      clearInterval(timer);
      timer = undefined;
      item.hide();
      return;
    }
    item.show({
      icons: ['shield'],
      text: vscode.l10n.t('{0}: masks are taken back in {1} s', next.host, next.left),
      tooltip: [vscode.l10n.t('Click to keep them.')],
      background: 'warning',
    });
    timer ??= setInterval(show, 1000);
  };
  const kinds = new Map<Tuning, ApplyState['kind']>();
  const watch = tunings.watch((tuning, message) => {
    if (message.type !== 'apply') return;
    show();
    const before = kinds.get(tuning);
    kinds.set(tuning, message.apply.kind);
    if (before !== message.apply.kind) void tell(tuning, message.apply, before);
  });
  return vscode.Disposable.from(item, watch, { dispose: () => clearInterval(timer) });
}

async function tell(
  tuning: Tuning,
  state: ApplyState,
  before: ApplyState['kind'] | undefined,
): Promise<void> {
  const host = hostName(tuning.trace.label);
  switch (state.kind) {
    case 'applied':
      await offerKeeping(tuning, state.seconds);
      return;
    case 'reverted':
      if (state.why !== 'asked') void showWarning(revertedText(host, state));
      return;
    case 'confirmed':
      if (state.changed) {
        const text = vscode.l10n.t(
          'Kept on {0}. Somebody else has changed some of the masks meanwhile.',
          host,
        );
        void showWarning(text);
      }
      return;
    case 'lost':
      void showWarning(
        vscode.l10n.t(
          '{0} cannot be reached. Its guard takes the masks back by itself within {1} s, unless it was told to keep them.',
          ...[host, Math.ceil(state.left)],
        ),
      );
      return;
    case 'failed':
      // What was only looked at is told where it was asked for.
      if (before === 'applying' || before === 'applied') {
        void showError(`RPS Trace: ${problemText(state.problem)}`);
      }
      return;
    default:
      return;
  }
}

function revertedText(host: string, { why, writes }: Extract<ApplyState, { kind: 'reverted' }>): string {
  const left = writes.filter(({ state }) => state === 'left' || state === 'gone').length;
  const text =
    why === 'time'
      ? vscode.l10n.t('Nobody kept the masks on {0}, so they were taken back.', host)
      : vscode.l10n.t('The masks on {0} were taken back, as their guard was ended.', host);
  const others = vscode.l10n.t('{0} queues were left alone: somebody else has changed them.', left);
  return left > 0 ? `${text} ${others}` : text;
}

async function offerKeeping(tuning: Tuning, seconds: number): Promise<void> {
  const keep = vscode.l10n.t('Keep');
  const revert = vscode.l10n.t('Revert');
  const text = vscode.l10n.t(
    'The masks on {0} are written. They are taken back in {1} s unless you keep them.',
    ...[hostName(tuning.trace.label), seconds],
  );
  const chosen = await showInformation(text, keep, revert);
  if (chosen === undefined) return;
  if (tuning.state.kind !== 'applied') {
    void showInformation(vscode.l10n.t('That is over already.'));
    return;
  }
  await tuning.act({ type: chosen === keep ? 'confirmApply' : 'revertApply' });
}
