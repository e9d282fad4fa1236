import uPlot from 'uplot';
import { short } from '../format';
import type { Theme } from '../theme';
import { words } from '../words';
import { LINES, strokeOf } from './colors';
import { stack, type Lines } from './lines';

/** What is drawn and how. */
export interface PlotView {
  /** Of the plot, in CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly data: Lines;
  readonly stacked: boolean;
  /** Seconds shown. */
  readonly seconds: number;
  readonly theme: Theme;
  /** The interval that is looked at, in seconds before now. */
  readonly zoom: { readonly from: number; readonly to: number } | undefined;
  /** When something changed on the host, in seconds before now. */
  readonly marks: readonly number[];
}

/** What the plot tells. */
export interface PlotEvents {
  /** The point under the cursor, or undefined. */
  readonly moved: (point: number | undefined) => void;
  /** An interval was brushed, in seconds before now. */
  readonly brushed: (from: number, to: number) => void;
}

/** In CSS pixels. */
const FONT = 11;
const AXIS_LEFT = 44;
const AXIS_BELOW = 24;
/** A drag shorter than this is a click. */
const LEAST_BRUSH = 4;
/** Seconds between labels. */
const INCREMENTS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800];

/** uPlot with the panel's looks; made anew when the lines or the theme change, else only given new numbers. */
export class Plot {
  #plot: uPlot | undefined;
  #made = '';
  #theme: Theme | undefined;
  #seconds = 0;

  #view: PlotView | undefined;

  constructor(
    readonly root: HTMLElement,
    readonly events: PlotEvents,
  ) {}

  render(view: PlotView): void {
    const { data, stacked, theme, seconds } = view;
    const { width, height } = view.size;
    if (width < 80 || height < 60) return;
    this.#seconds = seconds;
    this.#view = view;
    const made = JSON.stringify([data.lines.map(({ key }) => key ?? 'rest'), stacked]);
    const lines = stacked ? stack(data.lines) : data.lines;
    const values: uPlot.AlignedData = [data.at, ...lines.map((line) => line.values)];
    if (!this.#plot || made !== this.#made || theme !== this.#theme) {
      const { left = -1, top = -1 } = this.#plot?.cursor ?? {};
      this.#plot?.destroy();
      this.#made = made;
      this.#theme = theme;
      this.#plot = new uPlot(this.#options(view, width, height), values, this.root);
      this.#plot.setCursor({ left, top }, false);
      return;
    }
    if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
    this.#plot.setData(values);
  }

  /** Puts the cursor on a point; nowhere when undefined. */
  point(point: number | undefined): void {
    const at = point === undefined ? undefined : this.#plot?.data[0][point];
    const left = at === undefined ? -1 : (this.#plot?.valToPos(at, 'x') ?? -1);
    this.#plot?.setCursor({ left, top: left < 0 ? -1 : 1 });
  }

  /** Marks what lies between two points as selected; nothing when `from` is undefined. */
  select(from: number | undefined, to: number): void {
    const plot = this.#plot;
    if (!plot) return;
    const x = (point: number) => plot.valToPos(plot.data[0][point] ?? 0, 'x');
    const ends = from === undefined ? [0, 0] : [x(from), x(to)];
    const left = Math.min(...ends);
    plot.setSelect({ left, width: Math.max(...ends) - left, top: 0, height: plot.over.clientHeight }, false);
  }

  #brushed(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_BRUSH) return;
    this.events.brushed(plot.posToVal(left, 'x'), Math.min(0, plot.posToVal(left + width, 'x')));
  }

  /** The interval that is looked at, and lines where something changed on the host. */
  #decorate(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { zoom, marks = [], theme } = this.#view ?? {};
    if (!theme) return;
    const ratio = window.devicePixelRatio;
    const x = (value: number) => plot.valToPos(value, 'x', true);
    const inside = (value: number) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, x(value)));
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = theme.foreground;
    ctx.lineWidth = ratio;
    if (zoom && x(zoom.to) > bbox.left) {
      const [left, right] = [inside(zoom.from), inside(zoom.to)];
      ctx.globalAlpha = theme.kind.startsWith('high-contrast') ? 0 : 0.12;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.globalAlpha = 1;
      ctx.strokeRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    for (const mark of marks) {
      if (x(mark) < bbox.left) continue;
      ctx.beginPath();
      ctx.moveTo(x(mark), bbox.top);
      ctx.lineTo(x(mark), bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x(mark) - 4 * ratio, bbox.top - 2 * ratio);
      ctx.lineTo(x(mark) + 4 * ratio, bbox.top - 2 * ratio);
      ctx.lineTo(x(mark), bbox.top + 4 * ratio);
      ctx.fill();
    }
    ctx.restore();
  }

  #options({ data, stacked, theme }: PlotView, width: number, height: number): uPlot.Options {
    const count = data.lines.length;
    const solid = theme.kind.startsWith('high-contrast');
    const axis = {
      stroke: theme.dim,
      font: `${FONT}px ${theme.fontFamily}`,
      grid: { stroke: theme.border, width: 1, dash: solid ? [1, 4] : [] },
      ticks: { show: false },
    };
    const series = data.lines.map(({ key }, place): uPlot.Series => {
      const { color, dash } = strokeOf(theme.kind, key ? place : LINES);
      // The rest is often most of it, and is not what anybody looks for.
      const fill = { fill: solid ? color : `${color}${key ? 'b0' : '48'}` };
      const shown = stacked && solid ? theme.background : color;
      const line = { stroke: shown, width: stacked ? 1 : 1.5, points: { show: data.at.length < 3 } };
      return { ...line, ...(stacked ? fill : { dash }), spanGaps: false };
    });
    return {
      width,
      height,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: !stacked } },
      // Of a stack, the area between two lines belongs to the upper one.
      bands: stacked
        ? Array.from({ length: Math.max(0, count - 1) }, (_, low) => ({ series: [low + 2, low + 1] }))
        : [],
      scales: {
        x: { time: false, range: () => [-this.#seconds, 0] },
        y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] },
      },
      axes: [
        {
          ...axis,
          size: AXIS_BELOW,
          gap: 9,
          incrs: INCREMENTS,
          values: (_, splits) => splits.map(words.ago),
        },
        { ...axis, size: AXIS_LEFT, values: (_, splits) => splits.map(short) },
      ],
      series: [{}, ...series],
      hooks: {
        setCursor: [({ cursor }) => this.events.moved(cursor.idx ?? undefined)],
        setSelect: [(plot) => this.#brushed(plot)],
        draw: [(plot) => this.#decorate(plot)],
      },
    };
  }
}
