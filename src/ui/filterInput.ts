import * as vscode from 'vscode';
import { Cancelled } from '../problem';
import type { Trace } from '../trace/trace';
import { hostName } from './hostName';
import { problemText } from './problemText';
import { Input } from './window/inputs';
import { pickOne } from './window/picks';

/** How long nothing is typed before an expression is tried, milliseconds. */
const PAUSE_MS = 250;

/**
 * Asks for a filter. While it is typed, libpcap reads it wherever it can be asked, and an expression that it refuses
 * cannot be entered. Returns undefined when the person gives up; '' counts every packet.
 */
export async function askFilter(trace: Trace, recent: readonly string[]): Promise<string | undefined> {
  const input = new Input({
    title: vscode.l10n.t('Count which packets on {0}?', hostName(trace.label)),
    prompt: vscode.l10n.t('An expression as tcpdump takes it. Leave it empty to count every packet.'),
    placeHolder: 'tcp port 443 and host 10.0.0.1',
  });
  input.value = trace.scope.filter;
  const check = new Check(trace, input);
  try {
    return await new Promise<string | undefined>((resolve) => {
      // While another one is chosen the box is hidden, and comes back.
      let choosing = false;
      input.onTyped(() => check.soon());
      const title = vscode.l10n.t('Recent filters');
      const chooseRecent = async () => {
        choosing = true;
        const chosen = await pickOne(
          recent.map((label) => ({ label })),
          { title },
        );
        choosing = false;
        if (chosen) input.value = chosen.label;
        input.show();
        check.soon();
      };
      if (recent.length > 0) input.addButton('history', title, chooseRecent);
      input.onHidden(() => {
        if (!choosing) resolve(undefined);
      });
      input.onEntered(async () => {
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
    private readonly input: Input,
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
      this.input.refusal = problem && problemText(problem);
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
