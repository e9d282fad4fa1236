import { makePalette, type Palette, type ThemeKind } from './heatmap/palette';

/** The colours and fonts that a canvas needs by name; main.css maps them from VS Code's theme. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly palette: Palette;
  readonly background: string;
  readonly foreground: string;
  readonly dim: string;
  readonly border: string;
  readonly bar: string;
  readonly fontFamily: string;
}

/** Reads the theme as it is now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const kind = themeKind();
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    kind,
    palette: makePalette(kind),
    background: token('--rps-background'),
    foreground: token('--rps-foreground'),
    dim: token('--rps-dim'),
    border: token('--rps-border'),
    bar: token('--rps-bar'),
    fontFamily: style.fontFamily,
  };
}

/** Calls `changed` whenever VS Code changes the theme: it marks the body and sets variables on the root element. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

function themeKind(): ThemeKind {
  switch (document.body.dataset['vscodeThemeKind']) {
    case 'vscode-light':
      return 'light';
    case 'vscode-high-contrast':
      return 'high-contrast';
    case 'vscode-high-contrast-light':
      return 'high-contrast-light';
    default:
      return 'dark';
  }
}
