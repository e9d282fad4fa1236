import type { Pen } from '../heatmap/decorate';

/** A drawing as a file of its own. */
export interface SvgFile {
  readonly text: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** How a line or an area looks. */
export interface Ink {
  readonly stroke?: string;
  readonly fill?: string;
  readonly width?: number;
  /** Lengths of lines and gaps. */
  readonly dash?: readonly number[];
}

const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };
const SHIFT = 0.35;

/** Draws what a canvas would show as SVG 1.1, which every viewer and editor of pictures reads. */
export class SvgPen implements Pen {
  font = '11px sans-serif';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  textAlign: CanvasTextAlign = 'left';
  fillStyle = '#000000';
  strokeStyle = '#000000';
  lineWidth = 1;
  readonly #parts: string[] = [];
  #transform = '';
  readonly #saved: string[] = [];

  /** @param ruler measures texts and reads colours: a canvas that is not shown. */
  constructor(private readonly ruler: CanvasRenderingContext2D) {}

  measureText(text: string): TextMetrics {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#rect(x, y, width, height, this.#ink({ fill: this.fillStyle }));
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    const ink = { stroke: this.strokeStyle, width: this.lineWidth };
    this.#rect(x, y, width, height, this.#ink(ink));
  }

  fillText(text: string, x: number, y: number): void {
    const [, style = '', size = '11', family = ''] = /^(.*?)([\d.]+)px (.*)$/.exec(this.font) ?? [];
    // Not every viewer knows dominant-baseline.
    const down = this.textBaseline === 'middle' ? Number(size) * SHIFT : 0;
    const weight = style.includes('bold') ? ' font-weight="bold"' : '';
    const anchor = anchors[this.textAlign];
    const align = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
    const at = `x="${round(x)}" y="${round(y + down)}"`;
    const font = `font-family="${escape(family)}" font-size="${size}"${weight}${align}`;
    this.#add(`<text ${at} ${font} ${this.#ink({ fill: this.fillStyle })}`, `>${escape(text)}</text>`);
  }

  /** Draws along a path in SVG's own notation. */
  path(path: string, ink: Ink): void {
    this.#add(`<path d="${path}" ${this.#ink(ink)}`, '/>');
  }

  save(): void {
    this.#saved.push(this.#transform);
  }

  restore(): void {
    this.#transform = this.#saved.pop() ?? '';
  }

  translate(x: number, y: number): void {
    this.#transform += `translate(${round(x)} ${round(y)})`;
  }

  rotate(angle: number): void {
    this.#transform += `rotate(${round((angle * 180) / Math.PI)})`;
  }

  /** Everything so far, on a plain background. */
  file(width: number, height: number, background: string, title: string): SvgFile {
    const size = `width="${width}" height="${height}"`;
    const text = [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}">`,
      `<title>${escape(title)}</title>`,
      `<rect ${size} ${this.#ink({ fill: background })}/>`,
      ...this.#parts,
      '</svg>',
      '',
    ].join('\n');
    return { text, width, height };
  }

  #rect(x: number, y: number, width: number, height: number, ink: string): void {
    const [w, h] = [`width="${round(width)}"`, `height="${round(height)}"`];
    this.#add(`<rect x="${round(x)}" y="${round(y)}" ${w} ${h} ${ink}`, '/>');
  }

  #add(begin: string, end: string): void {
    this.#parts.push(`${begin}${this.#transform === '' ? '' : ` transform="${this.#transform}"`}${end}`);
  }

  #ink({ stroke, fill, width = 1, dash = [] }: Ink): string {
    const parts = [fill === undefined ? 'fill="none"' : this.#color('fill', fill)];
    if (stroke !== undefined) parts.push(this.#color('stroke', stroke), `stroke-width="${width}"`);
    if (dash.length > 0) parts.push(`stroke-dasharray="${dash.join(' ')}"`);
    return parts.join(' ');
  }

  /** Themes write colours in ways that SVG 1.1 does not know; a canvas gives them back as `#rrggbb` or `rgba()`. */
  #color(name: 'fill' | 'stroke', color: string): string {
    this.ruler.fillStyle = '#000000';
    this.ruler.fillStyle = color;
    const plain = this.ruler.fillStyle;
    const [, red, green, blue, alpha] = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(plain) ?? [];
    if (alpha === undefined) return `${name}="${plain}"`;
    return `${name}="rgb(${red ?? 0},${green ?? 0},${blue ?? 0})" ${name}-opacity="${alpha}"`;
  }
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** What XML 1.0 does not allow at all, such as control characters, is left out: a name may hold anything. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
