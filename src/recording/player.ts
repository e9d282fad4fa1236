import { MAX_DAMAGE } from '../../shared/limits';
import type { IntervalCounts, ToPanel } from '../../shared/messages/panel';
import type { Damage, FromPlayback, Playback, Speed, ToPlayback } from '../../shared/messages/playback';
import { everything } from '../../shared/scope';
import { History } from '../../shared/history';
import type { BlockData } from './block';
import type { Recording } from './recording';
import { addHistory, BlockReplay } from './replay';

/** How far back the chart goes, in nanoseconds. */
const PAST = 3600e9;
/** Milliseconds between two pictures at least. */
const PACE = 100;
/** A pause in the recording lasts at most so long when it is played, milliseconds. */
const LONGEST = 2000;

/** Plays a recording for one panel: one position at a time is shown, from where it can be played on. */
export class Player {
  #position = 0;
  #speed: Speed = 1;
  #playing = false;
  #replay: BlockReplay | undefined;
  #block = -1;
  readonly #damaged = new Map<number, Damage>();
  /** What was seen before a block, by the block's number; of the last one that was needed. */
  #past: { readonly block: number; readonly history: History } | undefined;
  /** The seek to come; a newer one takes its place. */
  #wanted: number | undefined;
  #seeking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Real time and the host's clock at the same moment of playing. */
  #clock = { real: 0, ns: 0 };
  #over = false;

  constructor(
    private readonly recording: Recording,
    private readonly send: (message: ToPanel | ToPlayback) => void,
  ) {}

  /** What was counted between two moments, as far as the block that is played tells. */
  between(from: number, to: number): IntervalCounts | undefined {
    return this.#replay?.counts.between(from, to);
  }

  /** Everything a panel needs that has just appeared. */
  snapshot(): (ToPanel | ToPlayback)[] {
    const counts = this.#replay?.counts.snapshot();
    if (!counts) return [];
    const hello = this.#replay?.data.opening.find((frame) => frame.type === 'hello');
    const scope = { ...everything, filter: hello?.filter ?? '' };
    const state = { kind: 'recording', ended: this.#frame?.type === 'end' } as const;
    return [
      { type: 'snapshot', host: this.recording.meta.host, state, scope, ...counts },
      { type: 'playback', playback: this.#playback },
    ];
  }

  /** Does what a person asks for. */
  act(message: FromPlayback): void {
    switch (message.type) {
      case 'seek':
        void this.seek(message.position);
        return;
      case 'play':
        void this.#play();
        return;
      case 'pause':
        this.#pause();
        return;
      case 'speed':
        this.#speed = message.speed;
        this.#setClock();
        this.#tell();
    }
  }

  /** Shows a position, or the next one that can be read. Resolves when it, or a newer one, is shown with its past. */
  seek(position: number): Promise<void> {
    this.#wanted = Math.max(0, Math.min(this.recording.positions - 1, Math.trunc(position)));
    this.#seeking ??= this.#seekAll().finally(() => (this.#seeking = undefined));
    return this.#seeking;
  }

  /** Looks at the checksum of every block, in the background, and tells of those that do not match. */
  async verify(): Promise<void> {
    for (const block of this.recording.blocks.keys()) {
      if (this.#over) return;
      if (await this.recording.intact(block)) continue;
      this.#damaged.set(block, this.recording.damageOf(block));
      this.#tell();
    }
  }

  /** Ends it; nothing is emitted any more. */
  dispose(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #seekAll(): Promise<void> {
    while (this.#wanted !== undefined && !this.#over) {
      const position = this.#wanted;
      const isNew = () => this.#wanted !== position || this.#over;
      const found = await this.#readable(position);
      if (!found) {
        this.#wanted = undefined;
        this.#tell();
        return;
      }
      const { block, data, at } = found;
      const past = this.#past?.block === block ? this.#past.history : undefined;
      if (!(await this.#show(block, data, at, past?.copy() ?? new History()))) continue;
      if (!past && block > 0) {
        const history = await this.#pastOf(block, isNew);
        // Meanwhile it may have been played on: what is shown now is shown again with its past.
        if (history && !isNew()) {
          this.#past = { block, history };
          if (this.#block === block)
            await this.#show(block, data, this.#position - this.#first(block), history.copy());
        }
      }
      if (!isNew()) this.#wanted = undefined;
    }
  }

  /** The block of a position, or the next one after it, or else before it, that can be read. */
  async #readable(position: number): Promise<{ block: number; data: BlockData; at: number } | undefined> {
    const begin = this.recording.blockOf(position);
    const data = await this.#read(begin);
    if (data) return { block: begin, data, at: position - this.#first(begin) };
    for (let block = begin + 1; block < this.recording.blocks.length; block++) {
      const next = await this.#read(block);
      if (next && next.positions.length > 0) return { block, data: next, at: 0 };
    }
    for (let block = begin - 1; block >= 0; block--) {
      const before = await this.#read(block);
      if (before && before.positions.length > 0)
        return { block, data: before, at: before.positions.length - 1 };
    }
    return undefined;
  }

  async #read(block: number): Promise<BlockData | undefined> {
    if (this.#damaged.has(block)) return undefined;
    if (block === this.#block && this.#replay) return this.#replay.data;
    try {
      return await this.recording.read(block);
    } catch {
      this.#damaged.set(block, this.recording.damageOf(block));
      return undefined;
    }
  }

  /** Shows a position of a block; tells whether the block is one. */
  async #show(block: number, data: BlockData, at: number, history: History): Promise<boolean> {
    try {
      this.#replay = await BlockReplay.at(data, at, history);
    } catch {
      this.#damaged.set(block, this.recording.damageOf(block));
      return false;
    }
    this.#block = block;
    this.#position = this.#first(block) + at;
    this.#setClock();
    this.snapshot().forEach((message) => this.#emit(message));
    return true;
  }

  /** What the hour before a block saw; undefined when nobody waits for it any more. */
  async #pastOf(block: number, isStale: () => boolean): Promise<History | undefined> {
    const history = new History();
    const { blocks } = this.recording;
    const begin = (blocks[block]?.from ?? 0) - PAST;
    for (let past = 0; past < block; past++) {
      if ((blocks[past]?.to ?? 0) < begin) continue;
      const data = await this.#read(past);
      if (isStale()) return undefined;
      if (data) await addHistory(data, data.positions.length, history);
    }
    return history;
  }

  async #play(): Promise<void> {
    if (this.#playing) return;
    this.#playing = true;
    if (this.#position >= this.recording.positions - 1) await this.seek(0);
    this.#setClock();
    this.#tell();
    this.#later(this.#untilNext());
  }

  #pause(): void {
    this.#playing = false;
    clearTimeout(this.#timer);
    this.#tell();
  }

  #later(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tick(), Math.max(PACE, milliseconds));
  }

  /** Plays all that is due. */
  async #tick(): Promise<void> {
    if (this.#seeking) await this.#seeking;
    const begun = performance.now();
    do {
      if (!this.#playing || this.#over) return;
      if (!(await this.#advance())) {
        this.#pause();
        return;
      }
    } while (this.#untilNext() <= 0 && performance.now() - begun < PACE);
    this.#tell();
    this.#later(this.#untilNext());
  }

  /** Goes on by one position; tells whether there was one. */
  async #advance(): Promise<boolean> {
    if (this.#position >= this.recording.positions - 1) return false;
    const replay = this.#replay;
    const messages = await replay?.step();
    // Meanwhile another place may have been chosen.
    if (replay !== this.#replay) return true;
    if (messages) {
      this.#position++;
      messages.forEach((message) => this.#emit(message));
      if (this.#frame?.type === 'end')
        this.#emit({ type: 'state', state: { kind: 'recording', ended: true } });
      return true;
    }
    const data = await this.#read(this.#block + 1);
    const last = this.#frame;
    const joins = data?.opening.some((frame) => frame.type === 'sample' && frame.ns === last?.ns) === true;
    if (!data || !joins || !this.#replay) {
      const before = this.#position;
      await this.seek(before + 1);
      return this.#position > before;
    }
    this.#replay = BlockReplay.after(data, this.#replay.counts);
    this.#block++;
    return this.#advance();
  }

  get #frame() {
    return this.#replay?.data.positions[this.#position - this.#first(this.#block)];
  }

  #first(block: number): number {
    return this.recording.blocks[block]?.first ?? 0;
  }

  #setClock(): void {
    this.#clock = { real: performance.now(), ns: this.#frame?.ns ?? 0 };
  }

  /** Milliseconds until the next position is due; not above 0 when it is. */
  #untilNext(): number {
    const next = this.#replay?.data.positions[this.#position + 1 - this.#first(this.#block)];
    const due = ((next?.ns ?? 0) - this.#clock.ns) / 1e6 / this.#speed;
    const wait = due - (performance.now() - this.#clock.real);
    // Between blocks, and where the recording pauses or its clock went back.
    if (next && wait <= LONGEST / this.#speed && due >= 0) return wait;
    this.#setClock();
    return Math.min(LONGEST, 1000) / this.#speed;
  }

  get #playback(): Playback {
    const { recording } = this;
    const block = recording.blocks[this.#block];
    const ns = this.#frame?.ns ?? block?.from ?? 0;
    return {
      position: this.#position,
      positions: recording.positions,
      time: block ? block.time + (ns - block.from) / 1e6 : recording.meta.started,
      from: recording.blocks[0]?.time ?? recording.meta.started,
      to: recording.end,
      playing: this.#playing,
      speed: this.#speed,
      damage: [...recording.damage, ...this.#damaged.values()].slice(0, MAX_DAMAGE),
    };
  }

  #tell(): void {
    this.#emit({ type: 'playback', playback: this.#playback });
  }

  #emit(message: ToPanel | ToPlayback): void {
    if (!this.#over) this.send(message);
  }
}
