import { element } from '../element';
import { Pace, type Turn } from '../pace';
import { same } from '../same';
import { Size } from '../size';
import type { Axis } from '../store/axis';
import type { Matrix, Measure, Sums } from '../store/matrix';
import type { Theme } from '../theme';
import type { Filter } from '../viewState';
import { words } from '../words';
import { enclose, moved } from './cursor';
import { decorate, drawSurroundings, frameWidth } from './decorate';
import { describeCell, summary, type Spot } from './describe';
import { greatestHeight, layOut, placeAt, type Layout } from './layout';
import { Legend } from './legend';
import { paintCells } from './paint';
import { makeScale, type ScaleKind } from './scale';
import { Tooltip } from './tooltip';

/** What the heat map shows and how. */
export interface HeatmapView {
  readonly matrix: Matrix;
  readonly sums: Sums;
  readonly measure: Measure;
  readonly scale: ScaleKind;
  readonly theme: Theme;
  readonly turn: Turn;
}

/** What the heat map asks of the panel. */
export interface HeatmapEvents {
  /** A cell, row or column was chosen, by click, Enter or Space; undefined by Escape. */
  readonly choose: (filter: Filter | undefined) => void;
  /** Something for a screen reader to say. */
  readonly say: (text: string) => void;
  readonly resized: () => void;
}

/** The label of the canvas changes at most this often, in milliseconds. */
const SUMMARY_PAUSE = 1000;

/** Current CPU by target CPU on a canvas, with a cursor for mouse and keyboard. */
export class Heatmap {
  readonly root = element('div', 'heatmap');
  readonly legend = new Legend();
  readonly #canvas = element('canvas');
  readonly #cursor = element('div', 'cursor');
  readonly #tooltip = new Tooltip();
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true });
  readonly #size: Size;
  #view: HeatmapView | undefined;
  #layout: Layout | undefined;
  /** What the layout and all around the cells was made from, and what the cells were drawn from. */
  #surrounded: readonly unknown[] = [];
  #drawn: readonly unknown[] = [];
  #spot: Spot | undefined;
  #image: ImageData | undefined;
  readonly #summary = new Pace(SUMMARY_PAUSE);

  constructor(readonly events: HeatmapEvents) {
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute('role', 'application');
    this.#canvas.setAttribute('aria-label', words.matrixName);
    this.#cursor.hidden = true;
    this.root.append(this.#canvas, this.#cursor, this.#tooltip.root);
    this.#size = new Size(this.root, events.resized);
    this.#canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => this.#moveTo(undefined));
    this.#canvas.addEventListener('blur', () => this.#moveTo(undefined));
    this.#canvas.addEventListener('click', (event) => this.#click(event));
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  render(view: HeatmapView): void {
    this.#view = view;
    const { matrix, sums, measure, scale, theme, turn } = view;
    const { width, height } = this.#size.now;
    const drawn = [matrix, sums, measure, scale, theme, width, height, window.devicePixelRatio];
    if (same(drawn, this.#drawn)) return;
    this.#drawn = drawn;
    this.#draw(view);
    if (this.#spot) this.#moveTo(this.#spot);
    const say = () => this.#canvas.setAttribute('aria-label', summary(matrix, sums, measure));
    this.#summary.take(turn, [matrix, measure], say);
  }

  #draw({ matrix, sums, measure, scale: kind, theme }: HeatmapView): void {
    const context = this.#context;
    const { width, height } = this.#size.now;
    if (!context || width === 0 || height === 0) return;
    const surrounded = [matrix.axis, theme, width, height, window.devicePixelRatio];
    if (!same(surrounded, this.#surrounded)) {
      this.#surrounded = surrounded;
      this.#surround(context, matrix.axis, theme);
    }
    const scale = makeScale(kind, sums.min, sums.max);
    this.legend.show(scale, measure, theme);
    const layout = this.#layout;
    if (!layout) return;
    const { x, y } = layout.plot;
    const line = frameWidth(layout);
    context.clearRect(x - line, y - line, layout.width, layout.height);
    const image = this.#plotImage(layout);
    const values = matrix[measure];
    paintCells(new Uint32Array(image.data.buffer), image.width, layout, values, scale, theme.palette);
    context.putImageData(image, x, y);
    decorate({ context, layout, axis: matrix.axis, theme, values, sums, scale });
  }

  /** Finds a place for everything anew, and draws what is around the cells on an empty canvas. */
  #surround(context: CanvasRenderingContext2D, axis: Axis, theme: Theme): void {
    const { width, height } = this.#size.now;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    context.font = `11px ${theme.fontFamily}`;
    const character = context.measureText('0').width;
    const highest = greatestHeight(axis, { width, ratio, character });
    this.root.style.maxHeight = highest === undefined ? '' : `${highest}px`;
    const layout = layOut(axis, { width, height, ratio, character });
    this.#layout = layout;
    if (layout) drawSurroundings({ context, layout, axis, theme });
  }

  #plotImage({ plot }: Layout): ImageData {
    const [width, height] = [plot.right - plot.x, plot.bottom - plot.y];
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
    }
    return this.#image;
  }

  /** Chooses the cell under the mouse, or the row or column of a label. */
  #click(event: MouseEvent): void {
    const layout = this.#layout;
    const { cpus } = this.#view?.matrix.axis ?? { cpus: [] };
    if (!layout) return;
    const [x, y] = [event.offsetX * layout.ratio, event.offsetY * layout.ratio];
    const row = placeAt(layout.top, layout.bottom, y);
    const column = placeAt(layout.left, layout.right, x);
    const from = cpus[row];
    if (x < layout.plot.x && from) this.events.choose({ cpu: from.id, target: undefined });
    else if (y < layout.plot.y && column >= 0) {
      this.events.choose({ cpu: undefined, target: cpus[column]?.id ?? -1 });
    } else this.#choose();
  }

  #point(event: PointerEvent): void {
    const layout = this.#layout;
    if (!layout) return;
    const column = placeAt(layout.left, layout.right, event.offsetX * layout.ratio);
    const row = placeAt(layout.top, layout.bottom, event.offsetY * layout.ratio);
    this.#moveTo(row < 0 || column < 0 ? undefined : { row, column });
  }

  #moveTo(spot: Spot | undefined): void {
    const view = this.#view;
    const layout = this.#layout;
    const inside =
      spot && view && spot.row < view.matrix.axis.cpus.length && spot.column < view.matrix.columns;
    this.#spot = inside ? spot : undefined;
    this.#cursor.hidden = !inside || !layout;
    if (!inside || !layout) {
      this.#tooltip.hide();
      return;
    }
    enclose(this.#cursor, layout, spot);
    const cell = describeCell(view.matrix, view.sums, view.measure, spot);
    this.#tooltip.show(cell, this.#cursor.getBoundingClientRect());
  }

  #key(event: KeyboardEvent): void {
    const view = this.#view;
    if (!view || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Escape') {
      this.events.choose(undefined);
      this.#moveTo(undefined);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose();
      return;
    }
    const at = this.#spot;
    const cpus = view.matrix.axis.cpus;
    if (at && event.key === 'r') this.events.choose({ cpu: cpus[at.row]?.id, target: undefined });
    if (at && event.key === 'c') this.events.choose({ cpu: undefined, target: cpus[at.column]?.id ?? -1 });
    const spot = moved(event.key, this.#spot, view.matrix.axis.cpus.length);
    if (!spot) return;
    event.preventDefault();
    this.#moveTo(spot);
    const { name, kind, lines } = describeCell(view.matrix, view.sums, view.measure, spot);
    this.events.say([name, kind, ...lines.slice(2, 5).map((line) => line.join(' '))].join(', '));
  }

  #choose(): void {
    const { cpus } = this.#view?.matrix.axis ?? { cpus: [] };
    const from = this.#spot && cpus[this.#spot.row];
    if (!from || !this.#spot) return;
    this.events.choose({ cpu: from.id, target: cpus[this.#spot.column]?.id ?? -1 });
  }
}
