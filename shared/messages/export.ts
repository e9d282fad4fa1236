/** The wire for exports of the current view: the webview knows what is seen, the extension host may write files. */

export const exportFormats = ['csv', 'json', 'png', 'svg'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ToExport {
  readonly type: 'export';
  readonly format: ExportFormat;
}

/** The answer: the file's content, in base64 for `png`, or why there is none. */
export type FromExport =
  | { readonly type: 'exported'; readonly format: ExportFormat; readonly content: string }
  | { readonly type: 'notExported'; readonly why: string };
