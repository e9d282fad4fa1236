import * as vscode from 'vscode';
import { Cancelled } from '../problem';
import type { Trace } from '../trace/trace';
import { said, saidProblem } from './said';

/** How long nothing is typed before an expression is tried, milliseconds. */
const PAUSE_MS = 250;

/**
 * Asks for a filter. While it is typed, libpcap reads it wherever it can be asked, and an expression that it refuses
 * cannot be entered. Returns undefined when the person gives up; '' counts every packet.
 */
export async function askFilter(trace: Trace, recent: readonly string[]): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.title = vscode.l10n.t('Count which packets on {0}?', said(trace.label));
  input.prompt = vscode.l10n.t('An expression as tcpdump takes it. Leave it empty to count every packet.');
  input.placeholder = 'tcp port 443 and host 10.0.0.1';
  input.value = trace.scope.filter;
  input.ignoreFocusOut = true;
  const history = { iconPath: new vscode.ThemeIcon('history'), tooltip: vscode.l10n.t('Recent filters') };
  if (recent.length > 0) input.buttons = [history];
  const check = new Check(trace, input);
  try {
    return await new Promise<string | undefined>((resolve) => {
      // While another one is chosen the box is hidden, and comes back.
      let choosing = false;
      input.onDidChangeValue(() => check.soon());
      input.onDidTriggerButton(async () => {
        choosing = true;
        const title = vscode.l10n.t('Recent filters');
        const chosen = await vscode.window.showQuickPick(recent, { title });
        choosing = false;
        if (chosen !== undefined) input.value = chosen;
        input.show();
        check.soon();
      });
      input.onDidHide(() => {
        if (!choosing) resolve(undefined);
      });
      input.onDidAccept(async () => {
        const value = input.value.trim();
        if (await check.now()) resolve(value);
      });
      input.show();
      check.soon();
    });
  } finally {
    check.dispose();
    input.dispose();
  }
}

/** Has the expression in the box read by libpcap; only the last one that was typed matters. */
class Check {
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;

  constructor(
    private readonly trace: Trace,
    private readonly input: vscode.InputBox,
  ) {}

  soon(): void {
    this.#stop();
    this.#timer = setTimeout(() => void this.now(), PAUSE_MS);
  }

  /** Resolves to whether the expression may be entered; false too when another one has been typed meanwhile. */
  async now(): Promise<boolean> {
    this.#stop();
    const running = (this.#running = new AbortController());
    const filter = this.input.value.trim();
    this.input.busy = true;
    try {
      const problem = filter === '' ? undefined : await this.trace.refusal(filter, running.signal);
      if (running.signal.aborted) return false;
      this.input.validationMessage = problem && {
        message: saidProblem(problem),
        severity: vscode.InputBoxValidationSeverity.Error,
      };
      return problem === undefined;
    } catch (error) {
      if (error instanceof Cancelled) return false;
      throw error;
    } finally {
      if (this.#running === running) this.input.busy = false;
    }
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }
}
