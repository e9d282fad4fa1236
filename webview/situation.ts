import type { Device } from '../shared/frames/frames';
import { MAX_ROWS } from '../shared/limits';
import type { HostFacts, PanelCommand, ProblemText } from '../shared/messages/panel';
import { whole } from './format';
import { scopeText } from './scopeText';
import { maskedDevices } from './store/masks';
import type { Store } from './store/store';
import { words } from './words';

/** What the panel says of the trace beyond its numbers. */
export interface Situation {
  /** The state in one or two words, for the headline. */
  readonly word: string;
  /** How the state is marked: quiet, working, good or bad. */
  readonly mood: 'quiet' | 'busy' | 'good' | 'bad';
  /** The one thing to do now, in the headline. */
  readonly action: { readonly label: string; readonly command: PanelCommand } | undefined;
  /** A page in place of the numbers, or above them when there are some. */
  readonly notice: Notice | undefined;
}

export interface Notice {
  readonly title: string;
  readonly texts: readonly string[];
  /** Lines that name things: interfaces, a command. */
  readonly lines: readonly string[];
  readonly buttons: readonly { readonly label: string; readonly command: PanelCommand }[];
}

const LINES = 8;
const none = { texts: [], lines: [], buttons: [] };
const showLog = { label: words.showLog, command: 'showLog' } as const;

/** Puts the state of the trace into words. */
export function describeSituation(store: Store): Situation {
  const { state } = store;
  const empty = !store.matrix.total.some((value) => value > 0);
  switch (state.kind) {
    case 'idle': {
      const buttons = [{ label: words.start, command: 'start' }] as const;
      const notice = { ...none, title: words.idleTitle, texts: [words.idleText], buttons };
      return { word: words.state.idle, mood: 'quiet', action: undefined, notice };
    }
    case 'connecting': {
      const title = words.connectingTitle(store.host ?? words.anyHost);
      const action = { label: words.cancel, command: 'stop' } as const;
      const notice = { ...none, title, texts: [state.step] };
      return { word: words.state.connecting, mood: 'busy', action, notice };
    }
    case 'tracing': {
      const action = { label: words.stop, command: 'stop' } as const;
      if (store.facts?.backend === 'none') {
        return {
          word: words.state.reading,
          mood: 'busy',
          action,
          notice: readingOnly(store.facts, state.unprivileged),
        };
      }
      if (!empty) return { word: words.state.tracing, mood: 'good', action, notice: undefined };
      return { word: words.state.waiting, mood: 'busy', action, notice: waiting(store) };
    }
    case 'stopping': {
      const notice = empty ? { ...none, title: words.stoppingTitle } : undefined;
      return { word: words.state.stopping, mood: 'busy', action: undefined, notice };
    }
    case 'stopped': {
      const action = { label: words.startAgain, command: 'start' } as const;
      const texts = empty ? [state.reason, words.stoppedEmpty] : [state.reason];
      const notice = { ...none, title: words.stoppedTitle, texts };
      return { word: words.state.stopped, mood: 'quiet', action, notice };
    }
    case 'recording':
      return { word: words.state.recording, mood: 'quiet', action: undefined, notice: undefined };
    case 'failed': {
      const texts = [words.problem(state.message, state.code), state.hint].filter((text) => text !== '');
      const wasCounting = store.history.at.length > 0;
      if (state.code === 'RECORDING_UNREADABLE') {
        const notice = { ...none, title: words.unreadableTitle, texts };
        return { word: words.state.failed, mood: 'bad', action: undefined, notice };
      }
      const label = wasCounting ? words.resume : words.startAgain;
      const buttons = [{ label, command: 'start' }, showLog] as const;
      const notice = { ...none, title: words.failedTitle, texts, buttons };
      return { word: words.state.failed, mood: 'bad', action: undefined, notice };
    }
  }
}

/** Why the kernel could be asked for its settings but not for its decisions. */
function readingOnly({ backends }: HostFacts, unprivileged?: ProblemText): Notice {
  if (unprivileged) {
    const { code, message, hint } = unprivileged;
    const texts = [words.readingText, words.problem(message, code), hint];
    return { ...none, title: words.readingTitle, texts, buttons: [showLog] };
  }
  const lines = backends.map(({ name, why = '', hint = '' }) => words.readingWhy(name, why, hint));
  return { ...none, title: words.readingTitle, texts: [words.readingText], lines };
}

function waiting({ devices, findings, scope }: Store): Notice {
  const notice = { ...none, title: words.waitingTitle };
  const chosen = scopeText(scope);
  const known = chosen === '' ? [words.waitingText] : [words.waitingScope(chosen), words.waitingText];
  if (findings && findings.length > 0) return { ...notice, texts: [...known, words.emptyReasons] };
  if (devices.length === 0) return { ...notice, texts: [...known, words.waitingUnknown] };
  const masked = maskedDevices(devices).map(words.masked);
  if (masked.length === 0) {
    const example = exampleOf(devices);
    return {
      ...notice,
      texts: [...known, words.waitingOff(example)],
      lines: [words.waitingExample(example)],
    };
  }
  const rest = masked.length - LINES;
  const lines = rest > 1 ? [...masked.slice(0, LINES), words.more(whole(rest))] : masked;
  return { ...notice, texts: [...known, words.waitingMasked], lines };
}

/** An interface to try RPS on, whose name a shell takes as it is. */
function exampleOf(devices: readonly Device[]): string {
  const plain = devices.filter(({ name }) => /^[\w.-]+$/.test(name));
  return (plain.find(({ kind }) => kind === 'physical') ?? plain[0])?.name ?? 'eth0';
}

/** What a reader of the numbers must know: what could not be seen, and what went wrong; one sentence each. */
export function warnings({ facts, health: { missed, lost, badLines, full } }: Store): string[] {
  const found: string[] = [];
  if (facts?.backend === 'kprobe') found.push(words.steeredOnly);
  if (missed > 0 || lost > 0) found.push(words.missed(whole(missed), whole(lost)));
  if (badLines > 0) found.push(words.badLines(whole(badLines)));
  if (full) found.push(words.full(whole(MAX_ROWS)));
  return found;
}
