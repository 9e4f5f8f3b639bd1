// Text in the room: drawn on a canvas, so that every script the system can write is crisp.

import { CanvasTexture, LinearMipmapLinearFilter, SRGBColorSpace } from 'three';

import { breakLines } from '../core/lines.ts';

/** A run of text of one size, broken into lines. */
export interface Paragraph {
  text: string;
  size_px: number;
  color: string;
  weight?: number;
  /** At most so many lines; the rest is cut with “…”. */
  lines?: number;
  gap_px?: number;
  /** Fonts; those for signs if absent. */
  family?: string;
}

/** Fonts that have Latin and Chinese on every usual system; nothing is fetched. */
export const FONTS = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC", system-ui, sans-serif';

/** The page's own fonts for titles and reading, or those it has for letters alone. */
export function serif(property: '--serif' | '--latin-serif' = '--serif'): string {
  const named = getComputedStyle(document.documentElement).getPropertyValue(property).trim();
  return named || '"Noto Serif CJK SC", "Songti SC", SimSun, serif';
}

const LEADING = 1.32;

/** Write paragraphs from the top left of a box; returns how far down the text reaches. */
export function writeParagraphs(
  pen: CanvasRenderingContext2D, paragraphs: readonly Paragraph[], x: number, y: number, width: number, language: string,
): number {
  // The language chooses between Chinese and Japanese forms of the same characters.
  pen.canvas.lang = language;
  pen.textBaseline = 'alphabetic';
  for (const { text, size_px, color, weight = 400, lines = Infinity, gap_px = 0, family = FONTS } of paragraphs) {
    if (!text) continue;
    pen.font = `${weight} ${size_px}px ${family}`;
    pen.fillStyle = color;
    y += gap_px;
    for (const line of breakLines(text, width, (part) => pen.measureText(part).width, lines)) {
      pen.fillText(line, x, y + size_px);
      y += size_px * LEADING;
    }
  }
  return y;
}

export interface Canvas {
  pen: CanvasRenderingContext2D;
  texture: CanvasTexture;
}

/** A canvas of `width` × `height` pixels and the texture that shows it. */
export function createCanvas(width: number, height: number, anisotropy: number): Canvas {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no 2D canvas');
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.anisotropy = anisotropy;
  return { pen, texture };
}
