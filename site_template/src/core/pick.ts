// What a ray from an eye or a hand meets in the hall.

import type { PlacedRelic, RoomShape, Vector } from './exhibition.ts';
import { type Hall, inside, type Spot } from './hall.ts';

export type Target =
  | { kind: 'relic'; relic: PlacedRelic; distance_m: number }
  | { kind: 'door'; distance_m: number }
  | { kind: 'floor'; spot: Spot; distance_m: number };

interface Block extends Spot {
  half_width: number;
  half_depth: number;
  yaw_deg: number;
  low: number;
  high: number;
}

/** The first thing on the ray, `direction` being of length 1: a relic or its plinth, the door, or free floor. */
export function pick(
  hall: Hall, room: RoomShape, relics: readonly PlacedRelic[], door: { width: number; height: number },
  origin: Vector, direction: Vector,
): Target | null {
  let nearest: Target | null = null;
  for (const relic of relics) {
    const distance_m = Math.min(...blocksOf(relic).map((block) => distanceTo(block, origin, direction)));
    if (distance_m < (nearest?.distance_m ?? Infinity)) nearest = { kind: 'relic', relic, distance_m };
  }
  return nearest ?? doorOn(room, door, origin, direction) ?? floorOn(hall, origin, direction);
}

function blocksOf(relic: PlacedRelic): Block[] {
  const { position: [x, base, z], plinth, size, yaw_deg } = relic;
  return [
    { x, z, yaw_deg, half_width: plinth.width / 2, half_depth: plinth.depth / 2, low: 0, high: base },
    { x, z, yaw_deg, half_width: size[0] / 2, half_depth: size[2] / 2, low: base, high: base + size[1] },
  ];
}

/** Distance along the ray to a box, Infinity if it misses (slab test, Kay and Kajiya 1986). */
function distanceTo(block: Block, origin: Vector, direction: Vector): number {
  const turned = { ...block, x: 0, z: 0, height: 0 };
  const from = inside({ ...block, height: 0 }, { x: origin[0], z: origin[2] });
  const along = inside(turned, { x: direction[0], z: direction[2] });
  const slabs: [number, number, number, number][] = [
    [from.x, along.x, -block.half_width, block.half_width],
    [from.z, along.z, -block.half_depth, block.half_depth],
    [origin[1], direction[1], block.low, block.high],
  ];
  let enter = 0;
  let leave = Infinity;
  for (const [start, way, low, high] of slabs) {
    if (Math.abs(way) < 1e-9) {
      if (start < low || start > high) return Infinity;
      continue;
    }
    enter = Math.max(enter, Math.min((low - start) / way, (high - start) / way));
    leave = Math.min(leave, Math.max((low - start) / way, (high - start) / way));
  }
  return enter <= leave ? enter : Infinity;
}

/** The door is in the wall at +Z. */
function doorOn(room: RoomShape, door: { width: number; height: number }, origin: Vector, direction: Vector): Target | null {
  if (direction[2] <= 1e-6) return null;
  const distance_m = (room.depth / 2 - origin[2]) / direction[2];
  const x = origin[0] + direction[0] * distance_m;
  const y = origin[1] + direction[1] * distance_m;
  return Math.abs(x) < door.width / 2 && y > 0 && y < door.height ? { kind: 'door', distance_m } : null;
}

function floorOn(hall: Hall, origin: Vector, direction: Vector): Target | null {
  if (direction[1] >= -1e-6) return null;
  const distance_m = -origin[1] / direction[1];
  const spot = { x: origin[0] + direction[0] * distance_m, z: origin[2] + direction[2] * distance_m };
  const is_inside = Math.abs(spot.x) < hall.width / 2 && Math.abs(spot.z) < hall.depth / 2;
  return is_inside ? { kind: 'floor', spot, distance_m } : null;
}
