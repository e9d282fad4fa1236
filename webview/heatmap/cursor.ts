import type { Layout } from './layout';
import type { Spot } from './describe';

/** Where a key moves the cursor on a matrix of `rows` rows and one column more; undefined when it is no such key. */
export function moved(key: string, spot: Spot | undefined, rows: number): Spot | undefined {
  const { row, column } = spot ?? { row: 0, column: -1 };
  switch (key) {
    case 'ArrowRight':
      return { row, column: Math.min(rows, column + 1) };
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowDown':
      return spot ? { row: Math.min(rows - 1, row + 1), column } : { row: 0, column: 0 };
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column: Math.max(0, column) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: rows };
    case 'PageUp':
      return { row: 0, column: Math.max(0, column) };
    case 'PageDown':
      return { row: rows - 1, column: Math.max(0, column) };
    default:
      return undefined;
  }
}

/** Lays a box around a cell of the canvas, at least big enough to be seen. */
export function enclose(box: HTMLElement, layout: Layout, { row, column }: Spot): void {
  const { ratio } = layout;
  const [x0, x1] = [layout.left[column] ?? 0, layout.right[column] ?? 0];
  const [y0, y1] = [layout.top[row] ?? 0, layout.bottom[row] ?? 0];
  const [width, height] = [Math.max(5, (x1 - x0) / ratio + 4), Math.max(5, (y1 - y0) / ratio + 4)];
  box.style.width = `${width}px`;
  box.style.height = `${height}px`;
  box.style.transform = `translate(${(x0 + x1) / 2 / ratio - width / 2}px, ${(y0 + y1) / 2 / ratio - height / 2}px)`;
}
