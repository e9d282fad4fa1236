import * as vscode from 'vscode';
import { inert } from '../../inert';

/** One choice of a list. Its texts come out inert; an icon is named apart from them. */
export interface PickItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** The name of one of VS Code's icons. */
  readonly icon?: string;
  readonly picked?: boolean;
  readonly alwaysShow?: boolean;
  /** A heading between choices. */
  readonly isSeparator?: boolean;
}

/** Title and placeholder of a list; both come out inert. */
export interface PickTexts {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly matchOnDescription?: boolean;
}

type Shown<T> = vscode.QuickPickItem & { readonly item: T };

/** Asks for one of `items`. Undefined: the person gave up. */
export async function pickOne<T extends PickItem>(
  items: readonly T[],
  texts: PickTexts,
): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(items.map(shown), inertTexts(texts)))?.item;
}

/** Asks for any number of `items`. Undefined: the person gave up. */
export async function pickMany<T extends PickItem>(
  items: readonly T[],
  texts: PickTexts,
): Promise<readonly T[] | undefined> {
  const options = { ...inertTexts(texts), canPickMany: true } as const;
  return (await vscode.window.showQuickPick(items.map(shown), options))?.map(({ item }) => item);
}

/** A list that changes while it is open. */
export class Pick<T extends PickItem> {
  readonly #pick = vscode.window.createQuickPick<Shown<T>>();

  constructor({ title, placeHolder, matchOnDescription = false }: PickTexts) {
    this.#pick.title = title === undefined ? undefined : inert(title);
    this.#pick.placeholder = placeHolder === undefined ? undefined : inert(placeHolder);
    this.#pick.matchOnDescription = matchOnDescription;
  }

  set items(items: readonly T[]) {
    this.#pick.items = items.map(shown);
  }

  set busy(busy: boolean) {
    this.#pick.busy = busy;
  }

  /** The typed text. */
  get value(): string {
    return this.#pick.value;
  }

  onTyped(listener: () => void): void {
    this.#pick.onDidChangeValue(listener);
  }

  /** Opens the list. Resolves to the item that is chosen and that `accepts`; undefined: the person gave up. */
  choose(accepts: (item: T) => boolean): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.#pick.onDidAccept(() => {
        const item = this.#pick.activeItems[0]?.item;
        if (item && accepts(item)) resolve(item);
      });
      this.#pick.onDidHide(() => resolve(undefined));
      this.#pick.show();
    });
  }

  dispose(): void {
    this.#pick.dispose();
  }
}

function inertTexts({ title, placeHolder, matchOnDescription }: PickTexts): vscode.QuickPickOptions {
  return {
    ...(title !== undefined && { title: inert(title) }),
    ...(placeHolder !== undefined && { placeHolder: inert(placeHolder) }),
    ...(matchOnDescription !== undefined && { matchOnDescription }),
  };
}

function shown<T extends PickItem>(item: T): Shown<T> {
  const { label, description, detail, icon, picked, alwaysShow, isSeparator = false } = item;
  return {
    label: icon === undefined ? inert(label) : `$(${icon}) ${inert(label)}`,
    ...(description !== undefined && { description: inert(description) }),
    ...(detail !== undefined && { detail: inert(detail) }),
    ...(picked !== undefined && { picked }),
    ...(alwaysShow !== undefined && { alwaysShow }),
    ...(isSeparator && { kind: vscode.QuickPickItemKind.Separator }),
    item,
  };
}
