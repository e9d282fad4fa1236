import { describe, expect, it } from 'vitest';
import { makeAxis } from '../../../webview/store/axis';
import { greatestHeight, layOut, placeAt, type Layout } from '../../../webview/heatmap/layout';
import { paintCells } from '../../../webview/heatmap/paint';
import { makePalette, type ThemeKind } from '../../../webview/heatmap/palette';
import { makeScale, niceCeiling, SHADES } from '../../../webview/heatmap/scale';
import { makeFacts } from '../../e2e/panel/host';

function layoutOf(cpus: number, nodes: number, width: number, height: number): Layout {
  const axis = makeAxis(makeFacts(cpus, nodes).cpus, new Set());
  const layout = layOut(axis, { width, height, ratio: 1, character: 7 });
  if (!layout) throw new Error('no room');
  return layout;
}

describe('the layout of the heat map', () => {
  it.each([
    [4, 2, 480, 240],
    [64, 2, 600, 600],
    [256, 8, 600, 800],
    [512, 8, 400, 240],
    [1, 1, 400, 240],
  ])('keeps %i CPUs on %i nodes inside %i by %i pixels', (cpus, nodes, width, height) => {
    const { left, right, top, bottom, plot, bar } = layoutOf(cpus, nodes, width, height);
    expect(left).toHaveLength(cpus + 1);
    expect(top).toHaveLength(cpus);
    expect(plot.right + bar).toBeLessThanOrEqual(width);
    expect(plot.bottom + bar).toBeLessThanOrEqual(height);
    for (const [start, end] of [
      [left, right],
      [top, bottom],
    ] as const) {
      for (let place = 0; place < start.length; place++) {
        expect(end[place]).toBeGreaterThan(start[place] ?? 0);
        if (place > 0) expect(start[place]).toBeGreaterThanOrEqual(start[place - 1] ?? 0);
      }
    }
  });

  it('stands the CPUs of a last-level cache together, and leaves no room empty below square cells', () => {
    const axis = makeAxis(makeFacts(64, 2).cpus, new Set());
    expect(axis.caches).toEqual([16, 48]);
    const room = { width: 600, ratio: 1, character: 7 };
    const height = greatestHeight(axis, room) ?? 0;
    const layout = layOut(axis, { ...room, height });
    if (!layout) throw new Error('no room');
    const gap = (place: number) => (layout.left[place] ?? 0) - (layout.right[place - 1] ?? 0);
    expect([gap(16), gap(48)]).toEqual([gap(15) + layout.cacheGap, gap(47) + layout.cacheGap]);
    expect(gap(32)).toBeGreaterThan(gap(16));
    expect(layout.cellHeight).toBe(layout.cellWidth);
    expect(layOut(axis, { ...room, height: height - 64 })?.cellHeight).toBeLessThan(layout.cellHeight);
  });

  it('makes nothing of caches that each core has for itself', () => {
    const alone = makeFacts(16, 1).cpus.map((cpu) => ({ ...cpu, llc: cpu.core }));
    expect(makeAxis(alone, new Set()).caches).toEqual([]);
  });

  it('has nothing to lay out without CPUs or without room', () => {
    const room = { width: 400, height: 300, ratio: 1, character: 7 };
    expect(layOut(makeAxis([], new Set()), room)).toBeUndefined();
    expect(layOut(makeAxis(makeFacts(4, 1).cpus, new Set()), { ...room, height: 40 })).toBeUndefined();
  });

  it('finds the cell under a point', () => {
    const { left, right } = layoutOf(4, 2, 480, 240);
    for (const place of left.keys()) expect(placeAt(left, right, (left[place] ?? 0) + 1)).toBe(place);
    expect(placeAt(left, right, 0)).toBe(-1);
    expect(placeAt(left, right, right[4] ?? 0)).toBe(-1);
  });
});

describe('the painted cells', () => {
  it.each([
    ['large', 600, 600],
    ['smaller than a pixel', 300, 200],
  ])('show a lone hot cell among 512 CPUs when cells are %s', (_, width, height) => {
    const layout = layoutOf(512, 1, width, height);
    const palette = makePalette('dark');
    const values = new Float64Array(512 * 513);
    const cell = 300 * 513 + 77;
    values[cell] = 1000;
    values[cell - 1] = values[cell + 1] = values[cell - 513] = values[cell + 513] = 1;
    const { plot } = layout;
    const stride = plot.right - plot.x;
    const pixels = new Uint32Array(stride * (plot.bottom - plot.y));
    paintCells(pixels, stride, layout, values, makeScale('linear', 1, 1000), palette);
    const at = ((layout.top[300] ?? 0) - plot.y) * stride + (layout.left[77] ?? 0) - plot.x;
    expect(pixels[at]).toBe(palette.pixels[SHADES]);
    expect(pixels[0]).toBe(palette.pixels[0]);
  });
});

describe('the colour scale', () => {
  it('gives 0 a colour of its own and ends at a round number', () => {
    const scale = makeScale('linear', 3, 22591);
    expect([scale.min, scale.max]).toEqual([0, 30000]);
    expect([scale.shade(0), scale.shade(30000), scale.shade(1e9)]).toEqual([0, SHADES, SHADES]);
    expect(scale.shade(0.001)).toBe(1);
  });

  it('spaces powers of ten evenly when it is logarithmic', () => {
    const scale = makeScale('log', 1, 10000);
    const shades = [1, 10, 100, 1000, 10000].map((value) => scale.shade(value));
    expect([shades[0], shades[4]]).toEqual([1, SHADES]);
    expect(shades[2]).toBe((1 + SHADES) / 2);
  });

  it.each(['linear', 'log'] as const)('holds up with nothing to show when it is %s', (kind) => {
    const scale = makeScale(kind, 0, 0);
    expect(scale.shade(0)).toBe(0);
    expect(scale.min).toBeLessThan(scale.max);
  });

  it('holds up with counters near 2^64', () => {
    const scale = makeScale('log', 1, 2 ** 64);
    expect(scale.shade(1)).toBe(1);
    expect(scale.shade(2 ** 64)).toBeGreaterThan(SHADES * 0.9);
  });

  it('keeps its end while the greatest value wavers', () => {
    expect(new Set([21000, 23456, 28999].map(niceCeiling))).toEqual(new Set([30000]));
  });
});

describe('the palette', () => {
  const kinds: ThemeKind[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];

  /** CIE L* of a pixel, 0 to 100. */
  const lightness = (pixel: number) => {
    const linear = (shift: number) => {
      const part = ((pixel >>> shift) & 255) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    const luminance = 0.2126 * linear(0) + 0.7152 * linear(8) + 0.0722 * linear(16);
    return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
  };

  it.each(kinds)(
    'moves away from the background step by step in the %s theme, so lightness alone tells',
    (kind) => {
      const steps = Array.from(makePalette(kind).pixels.subarray(1), lightness);
      const sign = kind.endsWith('light') ? -1 : 1;
      for (let shade = 16; shade < SHADES; shade += 16) {
        expect(((steps[shade] ?? 0) - (steps[shade - 16] ?? 0)) * sign).toBeGreaterThan(1.5);
      }
    },
  );

  it.each(kinds)('puts numbers on every colour of the %s theme with a contrast of at least 4.5', (kind) => {
    const { pixels, bright } = makePalette(kind);
    for (let shade = 1; shade <= SHADES; shade++) {
      const l = lightness(pixels[shade] ?? 0);
      const y = l > 8 ? ((l + 16) / 116) ** 3 : l / 903.3;
      expect(bright[shade] === 1 ? (y + 0.05) / 0.05 : 1.05 / (y + 0.05)).toBeGreaterThan(4.5);
    }
  });
});
