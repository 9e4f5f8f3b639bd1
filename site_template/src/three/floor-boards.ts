// Boards of the floor, drawn once on a canvas that repeats.

import { MeshBasicMaterial, RepeatWrapping } from 'three';

import type { RoomShape } from '../core/exhibition.ts';
import { createCanvas } from './text-panel.ts';

const TILE_M = 3.2;
const TILE_PX = 1024;
const BOARD_PX = 64;

/** A material whose map is boards of the floor's colour; its light map is left to the caller. */
export function floorBoards({ width, depth, look }: RoomShape, anisotropy: number): MeshBasicMaterial {
  const { pen, texture } = createCanvas(TILE_PX, TILE_PX, anisotropy);
  const random = sequence(7);
  pen.fillStyle = look.floor;
  pen.fillRect(0, 0, TILE_PX, TILE_PX);
  for (let x = 0; x < TILE_PX; x += BOARD_PX) {
    let y = -random() * TILE_PX;
    while (y < TILE_PX) {
      const length = TILE_PX * (0.35 + random() * 0.3);
      board(pen, x, y, length, random);
      y += length;
    }
  }
  texture.wrapS = RepeatWrapping;
  texture.wrapT = RepeatWrapping;
  texture.repeat.set(width / TILE_M, depth / TILE_M);
  return new MeshBasicMaterial({ map: texture });
}

function board(pen: CanvasRenderingContext2D, x: number, y: number, length: number, random: () => number): void {
  const shade = (random() - 0.5) * 0.13;
  pen.fillStyle = shade < 0 ? `rgba(0,0,0,${-shade})` : `rgba(255,236,205,${shade})`;
  pen.fillRect(x, y, BOARD_PX, length);
  for (let line = 0; line < 14; line += 1) {
    pen.fillStyle = `rgba(0,0,0,${0.02 + random() * 0.035})`;
    pen.fillRect(x + random() * BOARD_PX, y, 1 + random() * 2, length);
  }
  pen.fillStyle = 'rgba(0,0,0,0.32)';
  pen.fillRect(x, y, 1.5, length);
  pen.fillRect(x, y, BOARD_PX, 1.5);
}

/** The same numbers in every browser (Lehmer's generator, Park and Miller 1988), so that pictures can be compared. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
