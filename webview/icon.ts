import { element } from './element';

const svg = 'http://www.w3.org/2000/svg';

/** Outlines on a grid of 16 by 16, drawn in the colour of the text. */
const shapes = {
  log: 'M2 3h12v1H2zM2 6h9v1H2zM2 9h12v1H2zM2 12h7v1H2z',
  copy: 'M5 2h9v9h-1V3H5zM2 5h9v9H2zm1 1v7h7V6z',
  filter: 'M1 3h14v1.4L10 9.6V14l-4-1.6V9.6L1 4.4zm1.4 1L7 8.9v2.8l2 .8V8.9L13.6 4z',
  close: 'M3.7 3 8 7.3 12.3 3l.7.7L8.7 8l4.3 4.3-.7.7L8 8.7 3.7 13l-.7-.7L7.3 8 3 3.7z',
  play: 'M4 2.5 13 8l-9 5.5zm1 1.8v7.4L11 8z',
  pause: 'M4 3h3v10H4zm1 1v8h1V4zm4-1h3v10H9zm1 1v8h1V4z',
  back: 'M3 3h1v10H3zm10 0v10L5.5 8zm-1 1.8L7.3 8l4.7 3.2z',
  forward: 'M12 3h1v10h-1zM3 3l7.5 5L3 13zm1 1.8v6.4L8.7 8z',
  openInEditor: 'M2 3h6v1H3v9h9V8h1v6H2zM9 2h5v5h-1V3.7L7.4 9.4l-.8-.8L12.3 3H9z',
};

/** A button that shows a picture; `label` is its name for a screen reader and its tooltip. */
export function iconButton(
  shape: keyof typeof shapes,
  label: string,
  pressed: () => void,
): HTMLButtonElement {
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', shapes[shape]);
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('aria-hidden', 'true');
  picture.append(path);
  const button = element('button', 'icon', picture);
  button.type = 'button';
  name(button, label);
  button.addEventListener('click', pressed);
  return button;
}

/** Gives such a button another picture and another name, where they differ. */
export function setIcon(button: HTMLButtonElement, shape: keyof typeof shapes, label: string): void {
  if (button.ariaLabel === label) return;
  button.querySelector('path')?.setAttribute('d', shapes[shape]);
  name(button, label);
}

function name(button: HTMLButtonElement, label: string): void {
  button.title = label;
  button.ariaLabel = label;
}
