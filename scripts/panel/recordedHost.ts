import { Problem } from '../../src/problem';
import type { FromPanel } from '../../shared/messages/panel';
import { everything } from '../../shared/scope';
import { unreadable } from '../../src/recording/layout';
import { Player } from '../../src/recording/player';
import { Recording } from '../../src/recording/recording';
import { fileSource } from '../../src/recording/source';
import { Counts } from '../../src/trace/counts';
import type { Host, Post } from './host';

/** A recording that is played, as src/panel/recordingEditor.ts plays it. */
export class RecordedHost implements Host {
  #opened: Promise<Player | Problem> | undefined;
  #ended = new AbortController();

  constructor(
    private readonly path: string,
    private readonly post: Post,
  ) {}

  take(message: FromPanel): void {
    void this.#take(message);
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #take(message: FromPanel): Promise<void> {
    const player = await (this.#opened ??= this.#open());
    if (this.#ended.signal.aborted) return;
    if (player instanceof Problem) {
      const { code, message: text, hint } = player;
      const state = { kind: 'failed', code, message: text, hint } as const;
      this.post({ type: 'snapshot', host: undefined, state, scope: everything, ...new Counts().snapshot() });
      return;
    }
    switch (message.type) {
      case 'ready':
        player.snapshot().forEach(this.post);
        return;
      case 'seek':
      case 'play':
      case 'pause':
      case 'speed':
        player.act(message);
        return;
      case 'interval':
        this.post({ type: 'interval', counts: player.between(message.from, message.to) });
        return;
      default:
    }
  }

  /** Opens the file at its first position. */
  async #open(): Promise<Player | Problem> {
    try {
      const source = await fileSource(this.path);
      const close = () => void source.close();
      if (this.#ended.signal.aborted) close();
      else this.#ended.signal.addEventListener('abort', close);
      const player = new Player(await Recording.open(source), this.post);
      this.#ended.signal.addEventListener('abort', () => player.dispose());
      await player.seek(0);
      if (player.snapshot().length === 0) return unreadable('Every block of this recording is damaged.', '');
      void player.verify().catch(() => undefined);
      return player;
    } catch (error) {
      return error instanceof Problem ? error : unreadable(String(error), '');
    }
  }
}
