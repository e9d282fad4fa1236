import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** Where people find the pictures that the tests take; without it none is kept. */
const folder = process.env['RPS_TRACE_PICTURES'];

/** Takes a picture of a page or of a part of it, to be looked at by people. */
export async function photograph(what: Page | Locator, name: string): Promise<void> {
  await what.screenshot(folder === undefined ? {} : { path: join(folder, `${name}.png`) });
}

/** Keeps a picture that the panel has made itself, beside those of `photograph`. */
export async function keepPicture(name: string, png: Buffer): Promise<void> {
  if (folder !== undefined) await writeFile(join(folder, `${name}.png`), png);
}
