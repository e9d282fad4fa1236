import { SHADES } from './scale';

/** The themes VS Code tells apart. */
export type ThemeKind = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

/** A way through OKLCH (Björn Ottosson, "A perceptual color space for image processing"): lightness, chroma, hue. */
interface Way {
  readonly from: readonly [lightness: number, chroma: number, hue: number];
  readonly to: readonly [lightness: number, chroma: number, hue: number];
}

/**
 * Lightness alone orders the colours, in even steps, so they read the same to the colour-blind and in print. More is
 * always further from the background. Hue runs from blue to yellow, the axis that red-green blindness keeps.
 */
const ways: Record<ThemeKind, Way> = {
  dark: { from: [0.34, 0.12, 285], to: [0.95, 0.15, 100] },
  light: { from: [0.91, 0.1, 102], to: [0.3, 0.13, 285] },
  'high-contrast': { from: [0.42, 0.16, 275], to: [0.98, 0.12, 105] },
  'high-contrast-light': { from: [0.88, 0.12, 100], to: [0.2, 0.13, 280] },
};

/** Colour of a cell without decisions: a tint of the background; opaque in high contrast. */
const nothing: Record<ThemeKind, number> = {
  dark: abgr(255, 255, 255, 10),
  light: abgr(0, 0, 0, 10),
  'high-contrast': abgr(28, 28, 28),
  'high-contrast-light': abgr(238, 238, 238),
};

/** Colours by shade: entry 0 is for 0, then `SHADES` more. */
export interface Palette {
  /** As the bytes of an ImageData on a little-endian machine: 0xAABBGGRR. */
  readonly pixels: Uint32Array;
  /** Whether dark text reads better on it than light text. */
  readonly bright: Uint8Array;
}

/** Makes the colour table of a theme. */
export function makePalette(kind: ThemeKind): Palette {
  const pixels = new Uint32Array(SHADES + 1);
  const bright = new Uint8Array(SHADES + 1);
  pixels[0] = nothing[kind];
  bright[0] = kind.endsWith('light') ? 1 : 0;
  const { from, to } = ways[kind];
  for (let shade = 1; shade <= SHADES; shade++) {
    const t = (shade - 1) / (SHADES - 1);
    const mix = (part: 0 | 1 | 2) => from[part] + (to[part] - from[part]) * t;
    const rgb = oklchToRgb(mix(0), mix(1), mix(2));
    pixels[shade] = abgr(...rgb);
    bright[shade] = luminance(rgb) > 0.18 ? 1 : 0;
  }
  return { pixels, bright };
}

function abgr(red: number, green: number, blue: number, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

type Rgb = [red: number, green: number, blue: number];

/** Takes off chroma until the colour is one that a screen can show: lightness and hue stay. */
function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  for (let less = chroma; ; less -= 0.004) {
    const rgb = linearRgb(lightness, Math.max(0, less), (hue * Math.PI) / 180);
    if (less <= 0 || rgb.every((part) => part >= -0.0005 && part <= 1.0005)) {
      const [red, green, blue] = rgb;
      return [encode(red), encode(green), encode(blue)];
    }
  }
}

function linearRgb(lightness: number, chroma: number, angle: number): Rgb {
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Linear light to an sRGB byte (IEC 61966-2-1). */
function encode(part: number): number {
  const light = Math.min(1, Math.max(0, part));
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (byte: number) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
