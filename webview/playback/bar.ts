import { speeds, type Damage, type FromPlayback, type Playback } from '../../shared/messages/playback';
import { element, setText } from '../element';
import { whole } from '../format';
import { iconButton, setIcon } from '../icon';
import { Select } from '../select';
import { language } from '../words';
import { playbackWords as words } from './words';

const timeFormat = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const clockFormat = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
/** Damaged places that are named one by one. */
const NAMED = 3;

/** The bar under the panel that plays a recording; not there while a trace is shown. */
export class PlaybackBar {
  readonly root = element('footer', 'playback');
  readonly #slider = element('input');
  readonly #play: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #forward: HTMLButtonElement;
  readonly #time = element('span', 'moment');
  readonly #passed = element('span', 'dim');
  readonly #damage = element('p', 'damage');
  readonly #speed: Select<string>;
  #playback: Playback | undefined;
  /** The slider is in a person's hand: what comes meanwhile must not take it away. */
  #held = false;

  constructor(act: (message: FromPlayback) => void) {
    const step = (by: number) => {
      const { position = 0 } = this.#playback ?? {};
      act({ type: 'pause' });
      act({ type: 'seek', position: Math.max(0, position + by) });
    };
    this.#play = iconButton('play', words.play, () =>
      act({ type: this.#playback?.playing === true ? 'pause' : 'play' }),
    );
    this.#back = iconButton('back', words.back, () => step(-1));
    this.#forward = iconButton('forward', words.forward, () => step(1));
    this.#slider.type = 'range';
    this.#slider.min = '0';
    this.#slider.ariaLabel = words.position;
    this.#slider.addEventListener('input', () => act({ type: 'seek', position: Number(this.#slider.value) }));
    this.#slider.addEventListener('pointerdown', () => (this.#held = true));
    for (const end of ['pointerup', 'pointercancel', 'blur']) {
      this.#slider.addEventListener(end, () => (this.#held = false));
    }
    const names = Object.fromEntries(speeds.map((speed) => [String(speed), words.times(String(speed))]));
    this.#speed = new Select(words.speed, names, (chosen) => {
      const speed = speeds.find((one) => String(one) === chosen);
      if (speed) act({ type: 'speed', speed });
    });
    this.#damage.setAttribute('role', 'status');
    this.root.ariaLabel = words.name;
    this.root.hidden = true;
    const buttons = [this.#back, this.#play, this.#forward];
    const line = element('div', 'line', ...buttons, this.#slider, this.#passed, this.#time, this.#speed.root);
    this.root.append(this.#damage, line);
  }

  /** The moment that is shown, in milliseconds since 1970; undefined while no recording is. */
  get time(): number | undefined {
    return this.#playback?.time;
  }

  show(playback: Playback): void {
    this.#playback = playback;
    const { position, positions, time, from, to, playing, speed, damage } = playback;
    document.body.classList.add('recording');
    this.root.hidden = false;
    setIcon(this.#play, playing ? 'pause' : 'play', playing ? words.pause : words.play);
    this.#back.disabled = position === 0;
    this.#forward.disabled = position >= positions - 1;
    this.#slider.max = String(positions - 1);
    if (!this.#held) this.#slider.value = String(position);
    const moment = timeFormat.format(time);
    this.#slider.setAttribute('aria-valuetext', moment);
    setText(this.#time, moment);
    setText(this.#passed, `${clock(time - from)} / ${clock(to - from)}`);
    this.#speed.show(String(speed));
    const named = damage.slice(0, NAMED).map(damageText);
    const rest = damage.length - NAMED;
    setText(this.#damage, [...named, ...(rest > 0 ? [words.more(whole(rest))] : [])].join(' '));
    this.#damage.hidden = damage.length === 0;
  }
}

function damageText(damage: Damage): string {
  const at = (time: number) => clockFormat.format(time);
  switch (damage.kind) {
    case 'cut':
      return damage.after === undefined ? words.cutAtOnce : words.cut(at(damage.after));
    case 'lost': {
      const bytes = whole(damage.bytes);
      return damage.after === undefined ? words.lostAtOnce(bytes) : words.lost(bytes, at(damage.after));
    }
    case 'block':
      return words.block(whole(damage.number), at(damage.from), at(damage.to));
  }
}

/** `1:02:03`, or `2:03` below an hour. */
function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}
