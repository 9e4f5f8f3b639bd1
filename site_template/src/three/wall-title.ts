// The exhibition's title on the wall that faces the entrance.

import { Mesh, MeshBasicMaterial, PlaneGeometry } from 'three';

import type { RoomShape } from '../core/exhibition.ts';
import { disposeTree } from './dispose.ts';
import { createCanvas, writeParagraphs } from './text-panel.ts';

const PX_PER_M = 420;

export function createWallTitle(
  { width, depth, height }: RoomShape, title: string, other_title: string, language: string, anisotropy: number,
): { object3d: Mesh; dispose(): void } {
  const across = Math.min(width * 0.7, 4.6);
  const tall = across * 0.32;
  const { pen, texture } = createCanvas(Math.round(across * PX_PER_M), Math.round(tall * PX_PER_M), anisotropy);
  const size_px = Math.round(tall * PX_PER_M * 0.24);
  writeParagraphs(pen, [
    { text: title, size_px, color: 'rgba(38,30,24,0.9)', weight: 600, lines: 2 },
    { text: other_title, size_px: Math.round(size_px * 0.5), color: 'rgba(38,30,24,0.7)', gap_px: size_px * 0.15, lines: 1 },
  ], 4, 0, across * PX_PER_M - 8, language);
  const material = new MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false });
  const object3d = new Mesh(new PlaneGeometry(across, tall), material);
  object3d.position.set(-width / 2 + across / 2 + 0.5, Math.min(height - tall / 2 - 0.3, 2.35), -depth / 2 + 0.006);
  return { object3d, dispose: () => disposeTree(object3d) };
}
