import { compact } from '../format';
import { decorate, drawSurroundings } from '../heatmap/decorate';
import { layOut } from '../heatmap/layout';
import { makeScale, SHADES } from '../heatmap/scale';
import type { ViewContext } from '../view';
import { words } from '../words';
import type { SvgPen } from './svgPen';

/** In CSS pixels. */
const CHARACTER = 7;
const SMALLEST_CELL = 2;
const BESIDE = 90;
const LEAST_HEIGHT = 460;

/** Draws the matrix with its labels and sums, at the pen's origin; returns its height. */
export function drawMatrix(
  pen: SvgPen,
  { store, view, theme, measure, sums }: ViewContext,
  width: number,
): number {
  const { axis } = store.matrix;
  const count = axis.cpus.length;
  const height = Math.max(LEAST_HEIGHT, count * SMALLEST_CELL + BESIDE);
  const layout = layOut(axis, { width, height, ratio: 1, character: CHARACTER });
  if (!layout) return 0;
  const values = store.matrix[measure];
  const scale = makeScale(view.scale, sums.min, sums.max);
  const shades = Array.from({ length: SHADES + 1 }, () => '');
  for (let row = 0, cell = 0; row < count; row++) {
    const [y0, y1] = [layout.top[row] ?? 0, layout.bottom[row] ?? 0];
    for (let column = 0; column <= count; column++, cell++) {
      const [x0, x1] = [layout.left[column] ?? 0, layout.right[column] ?? 0];
      const shade = scale.shade(values[cell] ?? 0);
      shades[shade] = `${shades[shade] ?? ''}M${x0} ${y0}H${x1}V${y1}H${x0}z`;
    }
  }
  for (const [shade, path] of shades.entries())
    if (path !== '') pen.path(path, { fill: colorOf(theme, shade) });
  drawSurroundings({ context: pen, layout, axis, theme });
  decorate({ context: pen, layout, axis, theme, values, sums, scale });
  return layout.plot.bottom + layout.bar + 8;
}

/** Draws the colours with the values at their ends, right-aligned at `right`. */
export function drawScale(
  pen: SvgPen,
  { view, theme, measure, sums }: ViewContext,
  right: number,
  y: number,
): void {
  const scale = makeScale(view.scale, sums.min, sums.max);
  const to = `${compact(scale.max)} ${words.unit[measure]}`;
  pen.fillStyle = theme.foreground;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.fillText(to, right, y);
  const end = right - pen.measureText(to).width - 6;
  const [steps, width] = [64, 2];
  for (let step = 0; step < steps; step++) {
    pen.fillStyle = colorOf(theme, 1 + Math.round((step * (SHADES - 1)) / (steps - 1)));
    pen.fillRect(end - (steps - step) * width, y - 5, width, 10);
  }
  pen.fillStyle = theme.foreground;
  pen.fillText(compact(scale.min), end - steps * width - 6, y);
}

/** From the bytes of an ImageData: 0xAABBGGRR. */
function colorOf({ palette }: ViewContext['theme'], shade: number): string {
  const pixel = palette.pixels[shade] ?? 0;
  const byte = (place: number) => (pixel >>> (place * 8)) & 0xff;
  return `rgba(${byte(0)}, ${byte(1)}, ${byte(2)}, ${byte(3) / 255})`;
}
