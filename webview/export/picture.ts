import { amount, cellName } from '../heatmap/describe';
import { factsLine } from '../headline';
import { scopeText } from '../scopeText';
import { language, words } from '../words';
import { drawChart } from './chartPicture';
import type { Moment } from './export';
import { drawMatrix, drawScale } from './matrixPicture';
import { SvgPen, type SvgFile } from './svgPen';
import { exportWords } from './words';

/** In CSS pixels. */
const WIDTH = 960;
const MARGIN = 24;
const INNER = WIDTH - 2 * MARGIN;
const LINE = 18;

const timeFormat = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long' });

/** Draws the matrix and the chart as they are seen, with what one must know to understand them on their own. */
export function drawPicture({ shown, time }: Moment): SvgFile {
  const { store, view, theme, measure } = shown;
  const ruler = document.createElement('canvas').getContext('2d');
  if (!ruler) throw new Error(exportWords.noPicture);
  const pen = new SvgPen(ruler);
  const plain = (size: number) => (pen.font = `${size}px ${theme.fontFamily}`);
  let y = MARGIN;
  const say = (text: string, color: string) => {
    pen.fillStyle = color;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillText(text, MARGIN, y);
    y += LINE;
  };
  const host = store.host ?? words.title;
  pen.font = `bold 18px ${theme.fontFamily}`;
  say(host, theme.foreground);
  y += 4;
  plain(12);
  say([timeFormat.format(time), ...(store.facts ? [factsLine(store.facts)] : [])].join(' · '), theme.dim);
  const scope = scopeText(store.scope);
  if (scope !== '') say(exportWords.filter(scope), theme.dim);
  say(totals(shown), theme.foreground);

  const section = (title: string, draw: () => number) => {
    y += LINE;
    pen.font = `bold 13px ${theme.fontFamily}`;
    say(title, theme.foreground);
    plain(11);
    pen.save();
    pen.translate(MARGIN, y);
    y += draw();
    pen.restore();
  };
  section(exportWords.matrix(words.unit[measure]), () => {
    drawScale(pen, shown, INNER, -LINE);
    return drawMatrix(pen, shown, INNER);
  });
  const by = words.chart.by.options[view.chart.by];
  section(`${words.chart.title}: ${by}`, () => drawChart(pen, shown, INNER));
  return pen.file(WIDTH, Math.ceil(y + MARGIN / 2), theme.background, `${words.title}: ${host}`);
}

/** How much was decided in all, and the busiest cell. */
function totals({ store: { matrix }, sums, measure }: Moment['shown']): string {
  const { axis, columns } = matrix;
  const all = amount(sums.all, measure);
  if (sums.busiest < 0) return all;
  const spot = { row: Math.floor(sums.busiest / columns), column: sums.busiest % columns };
  return `${all}. ${words.busiest(cellName(axis, spot), amount(sums.max, measure))}`;
}
