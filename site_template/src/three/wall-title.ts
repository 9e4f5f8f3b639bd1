// The exhibition's title and statement on the wall that faces the entrance, as letters on the plaster.

import { Color, Mesh, MeshBasicMaterial, PlaneGeometry } from 'three';

import type { RoomShape, WallLine } from '../core/exhibition.ts';
import { isWide } from '../core/lines.ts';
import { disposeTree } from './dispose.ts';
import { createCanvas, serif } from './text-panel.ts';

const PX_PER_M = 420;
/** The sheet's height and how far it reaches above the text's place: those of the hall's picture (printed.py). */
const TALL_M = 2.2;
const ABOVE_M = 0.8;
const LOOK: Readonly<Record<WallLine['kind'], { weight: number; strength: number }>> = {
  title: { weight: 500, strength: 0.96 }, other: { weight: 400, strength: 0.8 }, statement: { weight: 400, strength: 0.78 },
};

/** Write the lines for `language` where the site decided them: they are broken as in the hall's picture. */
export function createWallTitle(
  { depth, wall_text, look }: RoomShape, language: string, anisotropy: number, changed: () => void,
): { object3d: Mesh; dispose(): void } {
  const { x, y, width } = wall_text;
  const lines = wall_text.lines[language] ?? [];
  const { pen, texture } = createCanvas(Math.round(width * PX_PER_M), Math.round(TALL_M * PX_PER_M), anisotropy);
  const ink = lightness(look.end_wall) < 0.32 ? '246,238,224' : '38,30,24';
  // letters among characters are those of their own font, as in the picture
  const fontOf = ({ kind, size_m, text }: WallLine): string =>
    `${LOOK[kind].weight} ${Math.round(size_m * PX_PER_M)}px ${isWide(text) ? serif() : serif('--latin-serif')}`;
  const write = (): void => {
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    // The language chooses between Chinese and Japanese forms of the same characters.
    pen.canvas.lang = language;
    pen.textBaseline = 'alphabetic';
    for (const line of lines) {
      pen.font = fontOf(line);
      pen.fillStyle = `rgba(${ink},${LOOK[line.kind].strength})`;
      // another font than the site's own may run wider
      pen.fillText(line.text, 0, line.base_m * PX_PER_M, pen.canvas.width);
    }
    texture.needsUpdate = true;
  };
  write();
  // A font of the page's own may come later than the room.
  void Promise.all(lines.map((line) => document.fonts.load(fontOf(line), line.text))).then((found) => {
    if (found.flat().length === 0) return;
    write();
    changed();
  }, () => undefined);
  const material = new MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false });
  const object3d = new Mesh(new PlaneGeometry(width, TALL_M), material);
  object3d.position.set(x, y - TALL_M / 2 + ABOVE_M, -depth / 2 + 0.006);
  return { object3d, dispose: () => disposeTree(object3d) };
}

function lightness(color: string): number {
  const { r, g, b } = new Color(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
