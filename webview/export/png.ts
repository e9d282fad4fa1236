import type { SvgFile } from './svgPen';
import { exportWords as words } from './words';

/** Pixels of the PNG to one of the drawing: sharp on dense screens. */
const DENSITY = 2;

/** Turns a drawing into a PNG, in base64. */
export async function toPng({ text, width, height }: SvgFile): Promise<string> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * DENSITY, height * DENSITY];
  const context = canvas.getContext('2d');
  if (!context) throw new Error(words.noPicture);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').split(',')[1] ?? '';
}
