/** What of VS Code the extension uses for its texts, with a person who answers by a list. Unit tests import it as `vscode`. */

/** One thing that was shown: by which function, and every text of it by where it stood. */
export interface Shown {
  readonly by: string;
  readonly texts: Readonly<Record<string, unknown>>;
}

type Listener = (value: unknown) => void;

/** The window: what it has shown, and what its person does next. */
export const fake = {
  shown: [] as Shown[],
  commands: new Map<string, (...args: unknown[]) => unknown>(),
  ran: [] as unknown[][],
  /** Answers of the person, in turn: the label of an action or a choice, or what is typed. Without one they give up. */
  answers: [] as (string | readonly string[])[],
  log: [] as string[],
  reset(): void {
    this.shown = [];
    this.ran = [];
    this.answers = [];
    this.log = [];
    this.commands.clear();
  },
  /** What was shown last by a function whose name matches. */
  last(by: RegExp): Shown['texts'] {
    const found = this.shown.filter((one) => by.test(one.by)).at(-1);
    if (!found) throw new Error(`Nothing was shown by ${String(by)}.`);
    return found.texts;
  },
  /** Every text that was shown, without secrets and names of commands. */
  texts(): string[] {
    return this.shown.flatMap(({ texts }) => leaves(texts));
  },
};

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'item' ? [] : leaves(inner)));
}

function show(by: string, texts: Readonly<Record<string, unknown>>): void {
  fake.shown.push({ by, texts });
}

const message =
  (by: string) =>
  (text: string, options: object, ...actions: string[]): Promise<unknown> => {
    show(by, { text, options, actions });
    const answer = fake.answers.shift();
    return Promise.resolve(actions.find((action) => action === answer));
  };

/** Settable properties that are recorded once the thing is shown, and events. */
class Widget {
  readonly #listeners = new Map<string, Listener[]>();
  buttons: unknown[] = [];
  value = '';

  readonly #by: string;

  constructor(by: string) {
    this.#by = by;
  }

  readonly #on = (event: string) => (listener: Listener) => {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return { dispose: () => undefined };
  };
  readonly onDidChangeValue = this.#on('value');
  readonly onDidTriggerButton = this.#on('button');
  readonly onDidHide = this.#on('hide');
  readonly onDidAccept = this.#on('accept');

  fire(event: 'value' | 'button' | 'hide' | 'accept'): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(undefined);
  }

  show(): void {
    show(this.#by, this as unknown as Readonly<Record<string, unknown>>);
  }

  hide(): void {
    show('hide', {});
  }

  dispose(): void {
    this.fire('hide');
  }
}

export type FakeWidget = Widget & Record<string, unknown>;
/** Widgets that were made, latest last. */
export const widgets: FakeWidget[] = [];

const widget = (by: string) => (): Widget => {
  const made = new Widget(by) as FakeWidget;
  widgets.push(made);
  return made;
};

interface Item {
  readonly label: string;
}

export const window = {
  showInformationMessage: message('showInformationMessage'),
  showWarningMessage: message('showWarningMessage'),
  showErrorMessage: message('showErrorMessage'),
  showQuickPick: (items: readonly Item[], options: { canPickMany?: boolean }) => {
    show('showQuickPick', { items, options });
    const answer = fake.answers.shift();
    const labels = typeof answer === 'string' ? [answer] : answer;
    const chosen = items.filter(({ label }) => labels?.includes(label));
    if (labels === undefined) return Promise.resolve(undefined);
    return Promise.resolve(options.canPickMany === true ? chosen : chosen[0]);
  },
  showInputBox: (options: object) => {
    show('showInputBox', { options });
    return Promise.resolve(fake.answers.shift());
  },
  showSaveDialog: (options: { defaultUri: Uri }) => {
    show('showSaveDialog', { options });
    return Promise.resolve(fake.answers.shift() === undefined ? undefined : options.defaultUri);
  },
  showOpenDialog: (options: { defaultUri: Uri }) => {
    show('showOpenDialog', { options });
    return Promise.resolve(fake.answers.shift() === undefined ? undefined : [options.defaultUri]);
  },
  withProgress: (
    options: object,
    work: (progress: { report(step: object): void }, token: object) => Promise<unknown>,
  ) => {
    show('withProgress', { options });
    const report = (step: object) => show('report', { step });
    return work({ report }, { onCancellationRequested: () => undefined });
  },
  createQuickPick: widget('createQuickPick'),
  createInputBox: widget('createInputBox'),
  createStatusBarItem: widget('createStatusBarItem'),
  createOutputChannel: () => {
    const write = (level: string) => (text: string) => fake.log.push(`[${level}] ${text}`);
    const [info, warn, error] = [write('info'), write('warning'), write('error')];
    return { info, warn, error, show: () => fake.ran.push(['log.show']), dispose: () => undefined };
  },
};

export const commands = {
  registerCommand: (id: string, run: (...args: unknown[]) => unknown) => {
    fake.commands.set(id, run);
    return { dispose: () => fake.commands.delete(id) };
  },
  executeCommand: (...args: unknown[]) => {
    fake.ran.push(args);
    return Promise.resolve();
  },
};

export const l10n = {
  bundle: undefined,
  t: (text: string, ...args: (string | number)[]) =>
    text.replace(/\{(\d)\}/g, (_, place: string) => String(args[Number(place)])),
};

export const env = { remoteName: undefined, language: 'en' };
export const workspace = { workspaceFolders: undefined, fs: { writeFile: () => Promise.resolve() } };

export class Uri {
  readonly scheme = 'file';
  private constructor(readonly fsPath: string) {}
  static file(path: string): Uri {
    return new Uri(path);
  }
}
export class ThemeIcon {
  constructor(readonly id: string) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {
    // Nothing is held.
  }
}
export const Disposable = {
  from: (...all: { dispose(): unknown }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) }),
};
export const ProgressLocation = { Window: 10, Notification: 15 };
export const StatusBarAlignment = { Left: 1 };
export const QuickPickItemKind = { Separator: -1 };
export const InputBoxValidationSeverity = { Error: 3 };
