import type { Axis } from '../store/axis';

/** What is to be placed: sizes in CSS pixels, `ratio` device pixels to each. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** Width of a character of the labels. */
  readonly character: number;
}

/** Places on the canvas, in whole device pixels. The last column is "none". */
export interface Layout {
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  /** Left and right edges of the columns, upper and lower edges of the rows, by place on the axis. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly top: Int32Array;
  readonly bottom: Int32Array;
  /** Sides of a CPU's cell, gap included; below 1 when CPUs must share pixels. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Ends of the plot, its origin included. */
  readonly plot: { readonly x: number; readonly y: number; readonly right: number; readonly bottom: number };
  /** Before the first CPU of a last-level cache inside a node. */
  readonly cacheGap: number;
  /** Room for the names of nodes at the top and at the left; 0 with a single node. */
  readonly nodeBand: number;
  /** Greatest length of the bars of sums at the right and at the bottom. */
  readonly bar: number;
}

/** In CSS pixels. */
const LINE = 15;
const NODE_GAP = 5;
/** Wide enough for a line in it; many caches have less. */
const CACHE_GAP = 3;
const MANY_CACHES = 24;
const NONE_GAP = 7;
const NONE_WIDTH = 34;
const BAR = 26;
const MARGIN = 4;
const LARGEST_CELL = 96;
/** In a low and wide room cells are at most this much wider than high. */
const STRETCH = 1.75;
/** From this side on, cells are whole pixels with a gap between them. */
const CRISP = 7;

/** The height that square cells need in a room of this width, in CSS pixels: more would stay empty. */
export function greatestHeight(axis: Axis, room: Omit<Room, 'height'>): number | undefined {
  const layout = layOut(axis, { ...room, height: axis.cpus.length * 2 * LARGEST_CELL });
  // Edges are rounded down: one pixel more, lest that be missing.
  return layout && Math.ceil((layout.plot.bottom + layout.bar + 1) / room.ratio) + MARGIN;
}

/** Fits the matrix, its labels and its bars into the room. Undefined when there is no CPU or no room. */
export function layOut(axis: Axis, room: Room): Layout | undefined {
  const count = axis.cpus.length;
  const { ratio } = room;
  const px = (css: number) => Math.round(css * ratio);
  const nodeBand = axis.nodes.length > 1 ? px(LINE) : 0;
  const digits = Math.max(1, ...axis.cpus.map((cpu) => String(cpu.id).length));
  const x = nodeBand + px(digits * room.character + 6);
  const y = nodeBand + px(LINE);
  const nodeGap = px(count > 128 ? 3 : NODE_GAP);
  const cacheGap = px(axis.caches.length > MANY_CACHES ? 1 : CACHE_GAP);
  const gaps = Math.max(0, axis.nodes.length - 1) * nodeGap + axis.caches.length * cacheGap;
  const bar = px(BAR);
  const width = px(room.width) - x - gaps - px(NONE_GAP) - bar - px(MARGIN);
  const height = px(room.height) - y - gaps - bar - px(MARGIN);
  const most = px(LARGEST_CELL);
  const high = Math.min(height / count, most);
  let wide = Math.min((width - px(NONE_WIDTH)) / count, high * STRETCH, most);
  if (wide > px(NONE_WIDTH)) wide = Math.min(width / (count + 1), high * STRETCH, most);
  if (count === 0 || Math.min(high, wide) * count < px(24)) return undefined;
  const crisp = (side: number) => (side >= CRISP * ratio ? Math.floor(side) : side);
  const cellWidth = crisp(wide);
  const cellHeight = crisp(Math.min(high, wide));
  const inner = cellHeight >= CRISP * ratio ? Math.max(1, Math.round(ratio)) : 0;

  const gap = { inner, node: nodeGap, cache: cacheGap };
  const columns = edges(axis, x, cellWidth, gap, count + 1);
  const rows = edges(axis, y, cellHeight, gap, count);
  const none = (columns.end[count - 1] ?? 0) + px(NONE_GAP);
  columns.start[count] = none;
  columns.end[count] = none + Math.max(px(NONE_WIDTH), Math.floor(cellWidth) - inner);
  return {
    ratio,
    width: px(room.width),
    height: px(room.height),
    left: columns.start,
    right: columns.end,
    top: rows.start,
    bottom: rows.end,
    cellWidth,
    cellHeight,
    plot: { x, y, right: columns.end[count] ?? 0, bottom: rows.end[count - 1] ?? 0 },
    cacheGap,
    nodeBand,
    bar,
  };
}

interface Gaps {
  readonly inner: number;
  readonly node: number;
  readonly cache: number;
}

function edges(axis: Axis, origin: number, cell: number, gap: Gaps, size: number) {
  const start = new Int32Array(size);
  const end = new Int32Array(size);
  const caches = new Set(axis.caches);
  let base = origin;
  for (const { from, to } of axis.nodes) {
    if (from > 0) base += gap.node;
    for (let place = from; place < to; place++) {
      if (caches.has(place)) base += gap.cache;
      start[place] = base + Math.floor(place * cell);
      end[place] = Math.max(base + Math.floor((place + 1) * cell) - gap.inner, (start[place] ?? 0) + 1);
    }
  }
  return { start, end };
}

/** The place whose span holds `at`, or the one before the gap it falls into; -1 outside. */
export function placeAt(start: Int32Array, end: Int32Array, at: number): number {
  if (at >= (end[end.length - 1] ?? 0)) return -1;
  let place = start.length - 1;
  while (place >= 0 && (start[place] ?? 0) > at) place--;
  return place;
}
