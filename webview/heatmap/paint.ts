import type { Layout } from './layout';
import type { Palette } from './palette';
import type { Scale } from './scale';

/**
 * Colours the plot's pixels, `stride` to a line, origin at the plot's. Where cells are smaller than a pixel, a pixel
 * shows the greatest of them: a lone hot cell never falls between two pixels.
 */
export function paintCells(
  pixels: Uint32Array,
  stride: number,
  layout: Layout,
  values: Float64Array,
  scale: Scale,
  palette: Palette,
): void {
  const { left, right, top, bottom, plot } = layout;
  const columns = left.length;
  const shared = Math.min(layout.cellWidth, layout.cellHeight) < 1;
  const shades = shared ? new Uint8Array(pixels.length) : undefined;
  pixels.fill(0);
  for (let row = 0, cell = 0; row < top.length; row++) {
    const y0 = (top[row] ?? 0) - plot.y;
    const y1 = (bottom[row] ?? 0) - plot.y;
    for (let column = 0; column < columns; column++, cell++) {
      const shade = scale.shade(values[cell] ?? 0);
      const x0 = y0 * stride + (left[column] ?? 0) - plot.x;
      if (shades) {
        if (shade < (shades[x0] ?? 0)) continue;
        shades[x0] = shade;
      }
      const color = palette.pixels[shade] ?? 0;
      const x1 = x0 + (right[column] ?? 0) - (left[column] ?? 0);
      // Faster than fill() on spans of a few pixels.
      for (let x = x0; x < x1; x++) pixels[x] = color;
    }
    const line = y0 * stride;
    for (let y = y0 + 1; y < y1; y++) pixels.copyWithin(y * stride, line, line + stride);
  }
}
