import { LINES, strokeOf } from '../chart/colors';
import { nameOf } from '../chart/legend';
import { cut, stack, type Line } from '../chart/lines';
import { compact, short } from '../format';
import { niceCeiling } from '../heatmap/scale';
import type { ViewContext } from '../view';
import { words } from '../words';
import type { SvgPen } from './svgPen';

/** In CSS pixels. */
const LEFT = 52;
const PLOT = 200;
const BELOW = 24;
const LEGEND_LINE = 18;
/** Parts of the time, and of the values: a fifth of every `niceCeiling` has two digits, which is what `short` shows. */
const PARTS_ACROSS = 4;
const PARTS_UP = 5;

type Point = readonly [x: number, y: number];

/** Draws decisions over time with the names of the lines, at the pen's origin; returns its height. */
export function drawChart(pen: SvgPen, { store, view, theme }: ViewContext, width: number): number {
  const { by, seconds, stacked } = view.chart;
  const step = Math.max(1, (store.facts?.intervalMs ?? 0) / 1000);
  const data = cut(store.history, by, seconds, step);
  const lines = stacked ? data.lines : data.lines.filter(({ key }) => key);
  const tops = stacked ? stack(lines) : lines;
  const most = niceCeiling(Math.max(1, ...tops.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (at: number) => LEFT + (1 + at / seconds) * (width - LEFT - 8);
  const y = (value: number) => PLOT * (1 - value / most);

  pen.textBaseline = 'middle';
  pen.fillStyle = theme.dim;
  pen.textAlign = 'right';
  for (let part = 0; part <= PARTS_UP; part++) {
    const value = (most * part) / PARTS_UP;
    pen.path(`M${LEFT} ${y(value)}H${width - 8}`, { stroke: theme.border });
    pen.fillText(short(value), LEFT - 6, y(value));
  }
  for (let part = 0; part <= PARTS_ACROSS; part++) {
    const at = -seconds * (1 - part / PARTS_ACROSS);
    pen.textAlign = part === PARTS_ACROSS ? 'right' : 'center';
    pen.fillText(words.ago(at), x(at), PLOT + BELOW / 2);
  }
  for (const [place, line] of tops.entries()) {
    const { color, dash } = strokeOf(theme.kind, lines[place]?.key ? place : LINES);
    const below = stacked ? tops[place - 1]?.values : undefined;
    for (const run of runsOf(line)) {
      const points = run.map((point): Point => [x(data.at[point] ?? 0), y(line.values[point] ?? 0)]);
      if (stacked) {
        const back = run.map((point): Point => [x(data.at[point] ?? 0), y(below?.[point] ?? 0)]).reverse();
        pen.path(`${along([...points, ...back])}z`, { fill: color });
      } else pen.path(along(points), { stroke: color, width: 1.5, dash });
    }
  }
  return PLOT + BELOW + drawLegend(pen, store, theme, lines, width);
}

function drawLegend(
  pen: SvgPen,
  store: ViewContext['store'],
  theme: ViewContext['theme'],
  lines: readonly Line[],
  width: number,
): number {
  let [left, top] = [LEFT, PLOT + BELOW + LEGEND_LINE / 2];
  pen.textAlign = 'left';
  for (const [place, line] of lines.entries()) {
    const value = line.values.at(-1);
    const text = `${nameOf(line, store)}  ${typeof value === 'number' ? compact(value) : '–'}`;
    const needed = pen.measureText(text).width + 34;
    if (left > LEFT && left + needed > width) [left, top] = [LEFT, top + LEGEND_LINE];
    const { color, dash } = strokeOf(theme.kind, line.key ? place : LINES);
    pen.path(`M${left} ${top}h14`, { stroke: color, width: 3, dash: dash.length > 0 ? [4, 2] : [] });
    pen.fillStyle = theme.foreground;
    pen.fillText(text, left + 19, top);
    left += needed;
  }
  return top + LEGEND_LINE / 2 - PLOT - BELOW;
}

/** The points of a line without its gaps. */
function runsOf({ values }: Line): number[][] {
  const runs: number[][] = [];
  let run: number[] | undefined;
  for (const [point, value] of values.entries()) {
    if (value === null) run = undefined;
    else if (run) run.push(point);
    else runs.push((run = [point]));
  }
  return runs;
}

const fixed = (value: number) => Math.round(value * 10) / 10;

function along(points: readonly Point[]): string {
  return points.map(([x, y], place) => `${place === 0 ? 'M' : 'L'}${fixed(x)} ${fixed(y)}`).join('');
}
