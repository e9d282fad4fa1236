import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';

export type Theme = 'Dark Modern' | 'Light Modern' | 'Dark High Contrast' | 'Light High Contrast';

/** The class that VS Code puts on its window for a theme. */
const themeClass: Readonly<Record<Theme, string>> = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
};

const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

/**
 * What a person does in a VS Code window. Every method waits for what it needs and throws Playwright's TimeoutError,
 * which shows what it waited for, when that does not come.
 */
export class Workbench {
  private constructor(readonly page: Page) {}

  /** Opens a window of the VS Code at `url` and waits until its palette knows the commands of the extensions. */
  static async open(browser: Browser, url: string, size = { width: 1400, height: 900 }): Promise<Workbench> {
    const page = await browser.newPage({ viewport: size });
    page.setDefaultTimeout(30_000);
    await page.goto(url);
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    const workbench = new Workbench(page);
    await workbench.#knowsCommands();
    return workbench;
  }

  /** Runs a command as the palette names it: `RPS: Start Tracing…`. */
  async runCommand(name: string): Promise<void> {
    await this.#persistently(async (timeout) => {
      const row = await this.#lookUp(name, timeout);
      await row.click({ timeout });
    });
  }

  /** Types into the Quick Pick that is open, then chooses the item whose label matches. */
  async pick(label: RegExp, typed: string, timeoutMs = 30_000): Promise<void> {
    await this.type(typed, timeoutMs);
    await this.#row(label).click({ timeout: timeoutMs });
  }

  /** Runs a command that opens a Quick Pick and chooses there; again when a webview that was just drawn took the focus, which closes it. */
  async runAndPick(command: string, label: RegExp, typed: string): Promise<void> {
    await this.#persistently(async (timeout) => {
      await this.runCommand(command);
      await this.pick(label, typed, timeout);
    });
  }

  /** Types into the Quick Pick that is open, replacing what is there. */
  async type(text: string, timeoutMs = 30_000): Promise<void> {
    await this.#quickInput().locator('.quick-input-box input').fill(text, { timeout: timeoutMs });
  }

  /** Ticks the item of the open Quick Pick whose label matches, or takes its tick away, and confirms all ticks. */
  async toggle(label: RegExp): Promise<void> {
    await this.#row(label).click();
    await this.#quickInput().getByRole('button', { name: 'OK' }).click();
  }

  /** What the input box that is open says below what is typed. */
  get inputMessage(): Locator {
    return this.#quickInput().locator('.quick-input-message');
  }

  /** Answers the password box whose title matches. */
  async answerSecret(title: RegExp, answer: string): Promise<void> {
    const box = this.#quickInput().filter({
      has: this.page.locator('.quick-input-title', { hasText: title }),
    });
    const input = box.locator('input[type="password"]');
    await input.fill(answer);
    await input.press('Enter');
  }

  /** Presses a button of the modal dialog and returns the text the dialog showed. */
  async answerDialog(button: string): Promise<string> {
    const dialog = this.page.locator('.monaco-dialog-box');
    const text = await dialog.locator('.dialog-message-container').innerText();
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'detached' });
    return text;
  }

  /** The notification whose text matches. */
  notification(text: RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text }).first();
  }

  /** The extension's item in the status bar. */
  get statusBarItem(): Locator {
    return this.page.locator('.statusbar-item[id$="rpsTrace.status"]');
  }

  /** The page of the extension's view in the bottom panel. */
  get panel(): FrameLocator {
    return panelFrame(this.page);
  }

  /** The page of the extension's editor tab. */
  get editor(): FrameLocator {
    return webview(this.page, OF_EDITOR);
  }

  /** Gives the bottom panel the whole height, or takes it back. */
  async toggleMaximizedPanel(): Promise<void> {
    await this.runCommand('View: Toggle Maximized Panel');
  }

  /** Changes the colour theme by its command, as a person does. */
  async setTheme(theme: Theme): Promise<void> {
    await this.runAndPick('Preferences: Color Theme', exactly(theme), theme);
    await this.page.locator(`.monaco-workbench.${themeClass[theme]}`).waitFor();
  }

  /** A keybinding that is pressed before that does nothing. */
  async #knowsCommands(): Promise<void> {
    await this.#persistently(async (timeout) => {
      const row = await this.#lookUp('RPS: Start Tracing…', timeout);
      await row.waitFor({ timeout });
    });
    await this.page.keyboard.press('Escape');
    await this.#quickInput().waitFor({ state: 'hidden' });
  }

  /** Opens the palette, types the name of a command, and returns the row that it should have. */
  async #lookUp(name: string, timeout: number): Promise<Locator> {
    await this.page.keyboard.press('F1');
    await this.#quickInput()
      .getByPlaceholder(/name of a command/)
      .fill(`>${name}`, { timeout });
    return this.#row(exactly(name));
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  #row(label: RegExp): Locator {
    const name = this.page.locator('.label-name', { hasText: label });
    return this.#quickInput().locator('.monaco-list-row').filter({ has: name }).first();
  }

  /** Tries again from the start: a young window drops keys and does not know every command yet. */
  async #persistently(attempt: (timeoutMs: number) => Promise<void>): Promise<void> {
    for (let left = 10; left > 0; left--) {
      try {
        await attempt(5000);
        return;
      } catch (error) {
        if (left === 1) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }
}

/** How VS Code marks the element around the webview of an editor tab. */
const OF_EDITOR = '[data-parent-flow-to-element-id^="webview-editor"]';

/** The page of the extension's view in the bottom panel of the VS Code window that `page` shows. */
export function panelFrame(page: Page): FrameLocator {
  return webview(page, `:not(${OF_EDITOR})`);
}

/** A webview sits two frames deep; the address of the outer one says whose it is. */
function webview(page: Page, around: string): FrameLocator {
  return page
    .frameLocator(`${around} > iframe.webview[src*="extensionId=rps-trace.rps-trace"]`)
    .frameLocator('iframe#active-frame');
}
