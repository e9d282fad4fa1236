/** Where a key leads from one of several elements that lie in rows; undefined when it leads nowhere. */
export function nextTile<T extends HTMLElement>(tiles: readonly T[], at: number, key: string): T | undefined {
  switch (key) {
    case 'ArrowLeft':
      return tiles[at - 1];
    case 'ArrowRight':
      return tiles[at + 1];
    case 'Home':
      return tiles[0];
    case 'End':
      return tiles.at(-1);
    case 'ArrowUp':
      return inRow(tiles, at, -1);
    case 'ArrowDown':
      return inRow(tiles, at, 1);
    default:
      return undefined;
  }
}

/** The element of the nearest row above or below that is nearest to the side. */
function inRow<T extends HTMLElement>(tiles: readonly T[], at: number, direction: 1 | -1): T | undefined {
  const places = tiles.map((tile) => ({ tile, box: tile.getBoundingClientRect() }));
  const from = places[at]?.box;
  if (!from) return undefined;
  const down = (box: DOMRect) => direction * (box.top - from.top);
  const beyond = places.filter(({ box }) => down(box) >= from.height / 2);
  const nearest = Math.min(...beyond.map(({ box }) => down(box)));
  const aside = (box: DOMRect) => Math.abs(box.left - from.left);
  return beyond
    .filter(({ box }) => down(box) < nearest + from.height / 2)
    .toSorted((a, b) => aside(a.box) - aside(b.box))[0]?.tile;
}
