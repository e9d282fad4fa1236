import * as vscode from 'vscode';
import { Problem } from '../problem';
import { MAX_REMOTE_RECORDING } from '../../shared/limits';
import type { ToPanel } from '../../shared/messages/panel';
import { everything } from '../../shared/scope';
import { unreadable } from '../recording/layout';
import { Player } from '../recording/player';
import { Recording } from '../recording/recording';
import { fileSource, memorySource, type ByteSource } from '../recording/source';
import { Counts } from '../trace/counts';
import { bind, type Bound, type ToWebview } from './bind';
import type { Exports } from './exports';
import { placeOf } from './panel';

/** A file of a recording, or why it cannot be shown. */
class RecordingDocument implements vscode.CustomDocument {
  private constructor(
    readonly uri: vscode.Uri,
    readonly content: Recording | Problem,
  ) {}

  /** @throws what is no fault of the file */
  static async open(uri: vscode.Uri): Promise<RecordingDocument> {
    const source = await sourceOf(uri);
    try {
      return new RecordingDocument(uri, await Recording.open(source));
    } catch (error) {
      await source.close();
      if (error instanceof Problem) return new RecordingDocument(uri, error);
      throw error;
    }
  }

  dispose(): void {
    if (this.content instanceof Recording) void this.content.close();
  }
}

async function sourceOf(uri: vscode.Uri): Promise<ByteSource> {
  if (uri.scheme === 'file') return fileSource(uri.fsPath);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MAX_REMOTE_RECORDING)
    throw new Error(vscode.l10n.t('The recording is too large. Copy it to a disk, and open it there.'));
  return memorySource(await vscode.workspace.fs.readFile(uri));
}

/** Shows .rpsrec files in the panel, with a bar that plays them. */
export class RecordingEditor implements vscode.CustomReadonlyEditorProvider<RecordingDocument> {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly exports: Exports,
  ) {}

  openCustomDocument(uri: vscode.Uri): Promise<RecordingDocument> {
    return RecordingDocument.open(uri);
  }

  async resolveCustomEditor({ content }: RecordingDocument, tab: vscode.WebviewPanel): Promise<void> {
    const listeners = new Set<(message: ToWebview) => void>();
    const listen = (listener: (message: ToWebview) => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    };
    const player =
      content instanceof Recording
        ? new Player(content, (message) => listeners.forEach((listener) => listener(message)))
        : undefined;
    let problem = content instanceof Problem ? content : undefined;
    const snapshot = () => (problem ? [nothingOf(problem)] : (player?.snapshot() ?? []));
    tab.onDidDispose(() => player?.dispose());
    const bound: Bound = bind(placeOf(tab), this.extension, { snapshot, listen }, (message) => {
      switch (message.type) {
        case 'seek':
        case 'play':
        case 'pause':
        case 'speed':
          player?.act(message);
          return;
        case 'interval':
          bound.post({ type: 'interval', counts: player?.between(message.from, message.to) });
          return;
        case 'command':
          if (message.command === 'showLog' || message.command === 'export') {
            void vscode.commands.executeCommand(`rpsTrace.${message.command}`);
          }
          return;
        default:
          this.exports.take(bound, message);
      }
    });
    this.exports.add(bound);
    if (!player) return;
    await player.seek(0);
    if (player.snapshot().length > 0) {
      void player.verify();
      return;
    }
    problem = unreadable(
      'Every block of this recording is damaged.',
      'Take it from a copy, if there is one.',
    );
    bound.post(nothingOf(problem));
  }
}

/** What is shown of a file that is no recording. */
function nothingOf({ code, message, hint }: Problem): ToPanel {
  const state = { kind: 'failed', code, message, hint } as const;
  return { type: 'snapshot', host: undefined, state, scope: everything, ...new Counts().snapshot() };
}
