import { compact, short } from '../format';
import type { Axis } from '../store/axis';
import type { Sums } from '../store/matrix';
import type { Theme } from '../theme';
import { words } from '../words';
import type { Layout } from './layout';
import type { Scale } from './scale';

/** What of a canvas is needed to draw; a picture for a file offers it as well. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'font'
  | 'textBaseline'
  | 'textAlign'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'measureText'
  | 'save'
  | 'restore'
  | 'translate'
  | 'rotate'
>;

/** What is drawn over and around the cells. */
export interface Picture {
  readonly context: Pen;
  readonly layout: Layout;
  readonly axis: Axis;
  readonly theme: Theme;
  readonly values: Float64Array;
  readonly sums: Sums;
  readonly scale: Scale;
}

/** Of the labels, in CSS pixels. */
const FONT = 11;
/** Cells narrower than this many CSS pixels hold no number. */
const NUMBER_WIDTH = 30;
const NUMBER_HEIGHT = 16;
/** Labels of more CPUs than so many at a time stand at an edge, not at a centre. */
const SPARSE = 8;

/** What stays as long as the layout and the theme do. */
export type Surroundings = Pick<Picture, 'context' | 'layout' | 'axis' | 'theme'>;

/** Draws the labels above and at the left of the cells. */
export function drawSurroundings(picture: Surroundings): void {
  setFont(picture);
  drawLabels(picture);
  drawNodes(picture);
}

/** Draws the frames of the NUMA nodes and last-level caches, and the numbers and sums of the cells. */
export function decorate(picture: Picture): void {
  drawFrames(picture);
  drawCaches(picture);
  drawNumbers(picture);
  drawSums(picture);
}

function setFont({ context, layout, theme }: Omit<Surroundings, 'axis'>): void {
  context.font = `${Math.round(FONT * layout.ratio)}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
}

/** How far frames stick out of the plot, and how wide they are, in device pixels. */
export function frameWidth({ ratio }: Layout): number {
  return Math.max(1, Math.round(ratio));
}

function drawFrames({ context, layout, axis, theme }: Picture): void {
  const { left, right, top, bottom, plot } = layout;
  const line = frameWidth(layout);
  context.strokeStyle = theme.border;
  context.lineWidth = line;
  const frame = (x0: number, y0: number, x1: number, y1: number) =>
    context.strokeRect(x0 - line / 2, y0 - line / 2, x1 - x0 + line, y1 - y0 + line);
  for (const rows of axis.nodes) {
    const y0 = top[rows.from] ?? 0;
    const y1 = bottom[rows.to - 1] ?? 0;
    for (const columns of axis.nodes) frame(left[columns.from] ?? 0, y0, right[columns.to - 1] ?? 0, y1);
    frame(left[axis.cpus.length] ?? 0, y0, plot.right, y1);
  }
}

/** Draws lines between the last-level caches of a node, where there is a gap for them. */
function drawCaches({ context, layout, axis, theme }: Picture): void {
  const { left, right, top, bottom, cacheGap, plot } = layout;
  const line = frameWidth(layout);
  if (cacheGap < 3 * line) return;
  const before = cacheGap - line;
  context.fillStyle = theme.border;
  for (const place of axis.caches) {
    const x = (left[place] ?? 0) - before;
    const y = (top[place] ?? 0) - before;
    for (const { from, to } of axis.nodes) {
      context.fillRect(x, top[from] ?? 0, line, (bottom[to - 1] ?? 0) - (top[from] ?? 0));
      context.fillRect(left[from] ?? 0, y, (right[to - 1] ?? 0) - (left[from] ?? 0), line);
    }
    const none = left[axis.cpus.length] ?? 0;
    context.fillRect(none, y, plot.right - none, line);
  }
}

function drawLabels({ context, layout, axis, theme }: Surroundings): void {
  const { left, right, top, bottom, plot, ratio, nodeBand } = layout;
  const longest = axis.cpus.reduce((most, { id }) => Math.max(most, id), 0);
  const widest = context.measureText(String(longest).replace(/./g, '0')).width;
  const acrossStep = labelStep((widest + 5 * ratio) / layout.cellWidth);
  const downStep = labelStep((13 * ratio) / layout.cellHeight);
  context.fillStyle = theme.dim;
  for (const { from, to } of axis.nodes) {
    for (let place = from; place < to; place++) {
      const label = String(axis.cpus[place]?.id);
      const rest = to - place;
      if ((place - from) % acrossStep === 0 && (place === from || rest * 2 > acrossStep)) {
        // Of sparse labels each begins where its CPU does; single cells want the centre.
        context.textAlign = acrossStep > SPARSE ? 'left' : 'center';
        context.fillText(label, middle(left, right, place, acrossStep), nodeBand + (plot.y - nodeBand) / 2);
      }
      if ((place - from) % downStep === 0 && (place === from || rest * 2 > downStep)) {
        context.textAlign = 'right';
        const below = downStep > SPARSE ? (FONT / 2) * ratio : 0;
        context.fillText(label, plot.x - 4 * ratio, middle(top, bottom, place, downStep) + below);
      }
    }
  }
  context.textAlign = 'center';
  context.fillText(words.none, middle(left, right, axis.cpus.length, 1), nodeBand + (plot.y - nodeBand) / 2);
}

/** Label every 1st, 2nd, 4th, 8th … CPU, so that neighbours leave room for each other. */
function labelStep(needed: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(needed)));
}

/** The middle of a place, or its edge for labels that are sparse. */
function middle(start: Int32Array, end: Int32Array, place: number, step: number): number {
  const from = start[place] ?? 0;
  return step > SPARSE ? from : (from + (end[place] ?? 0)) / 2;
}

function drawNodes({ context, layout, axis, theme }: Surroundings): void {
  const { left, right, top, bottom, nodeBand, ratio } = layout;
  if (nodeBand === 0) return;
  context.fillStyle = theme.foreground;
  context.textAlign = 'center';
  for (const { node, from, to } of axis.nodes) {
    const [x0, x1] = [left[from] ?? 0, right[to - 1] ?? 0];
    const [y0, y1] = [top[from] ?? 0, bottom[to - 1] ?? 0];
    const fits = context.measureText(words.node(node)).width + 4 * ratio < Math.min(x1 - x0, y1 - y0);
    const label = fits ? words.node(node) : words.shortNode(node);
    context.fillText(label, (x0 + x1) / 2, nodeBand / 2);
    context.save();
    context.translate(nodeBand / 2, (y0 + y1) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(label, 0, 0);
    context.restore();
  }
}

function drawNumbers({ context, layout, theme, values, scale }: Picture): void {
  const { left, right, top, bottom, ratio } = layout;
  if (layout.cellWidth < NUMBER_WIDTH * ratio || layout.cellHeight < NUMBER_HEIGHT * ratio) return;
  setFont({ context, layout, theme });
  const room = layout.cellWidth - 5 * ratio;
  context.textAlign = 'center';
  for (let row = 0, cell = 0; row < top.length; row++) {
    for (let column = 0; column < left.length; column++, cell++) {
      const value = values[cell] ?? 0;
      if (value <= 0) continue;
      context.fillStyle = theme.palette.bright[scale.shade(value)] === 1 ? '#000000' : '#ffffff';
      const exact = compact(value);
      const text = context.measureText(exact).width <= room ? exact : short(value);
      context.fillText(text, middle(left, right, column, 1), middle(top, bottom, row, 1));
    }
  }
}

function drawSums({ context, layout, theme, sums }: Picture): void {
  const { left, right, top, bottom, plot, ratio } = layout;
  const gap = Math.round(4 * ratio);
  const longest = layout.bar - gap;
  const greatest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const [mostTo, mostFrom] = [greatest(sums.to), greatest(sums.from)];
  context.fillStyle = theme.bar;
  for (let column = 0; column < sums.to.length; column++) {
    const x = left[column] ?? 0;
    const high = ((sums.to[column] ?? 0) / mostTo) * longest;
    context.fillRect(x, plot.bottom + gap, (right[column] ?? 0) - x, high);
  }
  for (let row = 0; row < sums.from.length; row++) {
    const y = top[row] ?? 0;
    const wide = ((sums.from[row] ?? 0) / mostFrom) * longest;
    context.fillRect(plot.right + gap, y, wide, (bottom[row] ?? 0) - y);
  }
}
