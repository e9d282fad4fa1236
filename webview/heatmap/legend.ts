import { element, setText } from '../element';
import { compact } from '../format';
import type { Measure } from '../store/matrix';
import type { Theme } from '../theme';
import { words } from '../words';
import { SHADES, type Scale } from './scale';

/** The colours with the values at their ends and in their middle. */
export class Legend {
  readonly root = element('div', 'legend');
  readonly #canvas = element('canvas', 'legend-bar');
  readonly #from = element('span');
  readonly #to = element('span');
  #drawn: Theme | undefined;

  constructor() {
    this.#canvas.width = SHADES;
    this.#canvas.height = 1;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.root.append(this.#from, this.#canvas, this.#to);
  }

  show(scale: Scale, measure: Measure, theme: Theme): void {
    setText(this.#from, compact(scale.min));
    setText(this.#to, `${compact(scale.max)} ${words.unit[measure]}`);
    if (this.#drawn === theme) return;
    this.#drawn = theme;
    const context = this.#canvas.getContext('2d');
    const image = new ImageData(SHADES, 1);
    new Uint32Array(image.data.buffer).set(theme.palette.pixels.subarray(1));
    context?.putImageData(image, 0, 0);
  }
}
