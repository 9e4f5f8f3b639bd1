// The exhibition's title and statement on the wall that faces the entrance, as letters on the plaster.

import { Color, Mesh, MeshBasicMaterial, PlaneGeometry } from 'three';

import type { RoomShape } from '../core/exhibition.ts';
import { disposeTree } from './dispose.ts';
import { createCanvas, type Paragraph, serif, writeParagraphs } from './text-panel.ts';

const PX_PER_M = 420;
/** Height of the title's letters as a share of the text's width, and never more than so many metres. */
const TITLE = { share: 0.14, most_m: 0.46 } as const;
const STATEMENT_M = 0.095;
const TALL_M = 2.2;
/** Letters are made smaller down to this share rather than broken into two lines. */
const SMALLEST = 0.62;
/** What of two lines' length words fill, broken where they end. */
const RAGGED = 0.85;

export interface WallWords {
  title: string;
  other_title: string;
  statement: string;
  language: string;
}

export function createWallTitle(
  { depth, wall_text, look }: RoomShape, words: WallWords, anisotropy: number, changed: () => void,
): { object3d: Mesh; dispose(): void } {
  const { x, y, width } = wall_text;
  const { pen, texture } = createCanvas(Math.round(width * PX_PER_M), Math.round(TALL_M * PX_PER_M), anisotropy);
  const family = serif();
  const ink = lightness(look.end_wall) < 0.32 ? '246,238,224' : '38,30,24';
  const size_px = Math.round(Math.min(width * TITLE.share, TITLE.most_m) * PX_PER_M);
  const small_px = Math.round(STATEMENT_M * PX_PER_M);
  const wide_px = width * PX_PER_M - 8;
  /** The size at which `text` stands in one line, if that is not much smaller, else in two. */
  const fitted = (text: string, wished_px: number, weight: number): number => {
    pen.font = `${weight} ${wished_px}px ${family}`;
    const share = wide_px / Math.max(1, pen.measureText(text).width);
    return Math.floor(wished_px * Math.min(1, share >= SMALLEST ? share : 2 * share * RAGGED));
  };
  const paragraphs = (): Paragraph[] => [
    { text: words.title, size_px: fitted(words.title, size_px, 600), color: `rgba(${ink},0.96)`, weight: 600, lines: 2, family },
    { text: words.other_title, size_px: fitted(words.other_title, Math.round(size_px * 0.42), 400), color: `rgba(${ink},0.8)`, gap_px: size_px * 0.12, lines: 2, family },
    { text: words.statement, size_px: small_px, color: `rgba(${ink},0.78)`, gap_px: size_px * 0.55, lines: 7, family },
  ];
  const write = (): void => {
    pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
    writeParagraphs(pen, paragraphs(), 4, 0, wide_px, words.language);
    texture.needsUpdate = true;
  };
  write();
  // A font of the page's own may come later than the room.
  void document.fonts.load(`600 ${size_px}px ${family}`, words.title).then((found) => {
    if (found.length === 0) return;
    write();
    changed();
  }, () => undefined);
  const material = new MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false });
  const object3d = new Mesh(new PlaneGeometry(width, TALL_M), material);
  object3d.position.set(x, y - TALL_M / 2 + 0.8, -depth / 2 + 0.006);
  return { object3d, dispose: () => disposeTree(object3d) };
}

function lightness(color: string): number {
  const { r, g, b } = new Color(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
