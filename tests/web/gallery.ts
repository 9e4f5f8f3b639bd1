// A small gallery for the tests: 8 × 10 m, three relics on plinths.

import type { ModelLevel, PlacedRelic, RoomShape, Vector } from '../../site_template/src/core/exhibition.ts';
import { hallOf } from '../../site_template/src/core/hall.ts';

export const room: RoomShape = {
  style: 'plain', width: 8, depth: 10, height: 3.6, entrance: [0, 0, 4], entrance_yaw_deg: 0,
  model: 'room.glb', model_bytes: 1, has_shadows: true, wall_text: { x: 0, y: 1.9, width: 3, lines: {} },
  look: {
    background: '#000000', floor: '#6b5f52', wall: '#cfc6b8', end_wall: '#cfc6b8', ceiling: '#efe9df', plinth: '#f2ede4', trim: '#8a6a3c',
    light: '#fff1dc', ambient: 0.5, key: 0.9,
  },
};

export const level: ModelLevel = { name: 'thumb', url: 'a.glb', triangles: 8000, texture_px: 512, bytes: 1, gpu_bytes: 1 };

export const relic = (id: string, position: Vector, yaw_deg: number): PlacedRelic => ({
  id, number: 1, pending: false, title: { en: id }, label: {}, page: {}, poster: '', size: [0.4, 0.4, 0.4], position, yaw_deg, front_deg: 0,
  plinth: { width: 0.6, depth: 0.6, height: position[1] }, levels: [level], hotspots: [], narration: {},
});

export const relics = [relic('left', [-2, 0.9, 0], 90), relic('end', [0, 0.9, -3.5], 0), relic('right', [2, 0.9, 0], -90)];
export const hall = hallOf(room, relics);
export const close = (a: number, b: number, off = 1e-6): boolean => Math.abs(a - b) <= off;
