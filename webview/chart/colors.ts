import type { ThemeKind } from '../heatmap/palette';

/**
 * Colours of the chart's series, told apart by the colour-blind too: after Okabe and Ito, "Color Universal Design",
 * made lighter or darker until each has a contrast of 3 to the background (WCAG 2.2, 1.4.11). The last is for the rest.
 */
const onDark = ['#56b4e9', '#e69f00', '#2fbf94', '#f0e442', '#d98fbd', '#e8652b', '#8f9bff', '#a8a8a8'];
const onLight = ['#0072b2', '#b36b00', '#007a5a', '#857700', '#a8487f', '#b84300', '#4a55c8', '#6e6e6e'];

/** How many series are drawn each for itself; the others are summed up. */
export const LINES = onDark.length - 1;

/** Dashes in CSS pixels, so that lines differ by more than their colour in high contrast. */
const dashes = [[], [8, 3], [2, 3], [12, 3, 2, 3], [5, 5], [14, 5], [2, 6], [4, 2]];

/** How the series at `place` is drawn; the place `LINES` is that of the rest. */
export function strokeOf(kind: ThemeKind, place: number): { color: string; dash: number[] } {
  const colors = kind.endsWith('light') ? onLight : onDark;
  const dash = kind.startsWith('high-contrast') ? (dashes[place] ?? []) : [];
  return { color: colors[place] ?? '#808080', dash };
}
