// Where one can stand: the hall as a floor plan with things on it.

import type { PlacedRelic, RoomShape } from './exhibition.ts';
import { clamp, radians } from './orbit.ts';

/** A place on the floor, metres; X to the right of one who enters, Z towards the entrance. */
export interface Spot {
  x: number;
  z: number;
}

/** Something that stands in the way: a box on the floor, turned about the vertical. */
export interface Obstacle extends Spot {
  half_width: number;
  half_depth: number;
  yaw_deg: number;
  height: number;
}

export interface Hall {
  width: number;
  depth: number;
  height: number;
  obstacles: readonly Obstacle[];
}

/** Room a visitor takes, metres from the middle. */
export const BODY_M = 0.28;

/** The floor plan of a room and its relics. */
export function hallOf(room: RoomShape, relics: readonly PlacedRelic[]): Hall {
  return { width: room.width, depth: room.depth, height: room.height, obstacles: relics.map(obstacleOf) };
}

function obstacleOf({ position, plinth, size, yaw_deg }: PlacedRelic): Obstacle {
  return {
    x: position[0],
    z: position[2],
    half_width: plinth.width / 2,
    half_depth: plinth.depth / 2,
    yaw_deg,
    height: position[1] + size[1],
  };
}

/** `spot` in the obstacle's own directions, from its middle. */
export function inside(obstacle: Obstacle, spot: Spot): Spot {
  const turn = radians(obstacle.yaw_deg);
  const dx = spot.x - obstacle.x;
  const dz = spot.z - obstacle.z;
  return { x: Math.cos(turn) * dx - Math.sin(turn) * dz, z: Math.sin(turn) * dx + Math.cos(turn) * dz };
}

/** The opposite of `inside`. */
export function outside(obstacle: Obstacle, local: Spot): Spot {
  const turn = radians(obstacle.yaw_deg);
  return {
    x: obstacle.x + Math.cos(turn) * local.x + Math.sin(turn) * local.z,
    z: obstacle.z - Math.sin(turn) * local.x + Math.cos(turn) * local.z,
  };
}

/** Free floor between `spot` and the obstacle, metres; negative inside it. */
export function gapTo(obstacle: Obstacle, spot: Spot): number {
  const local = inside(obstacle, spot);
  const dx = Math.abs(local.x) - obstacle.half_width;
  const dz = Math.abs(local.z) - obstacle.half_depth;
  return Math.hypot(Math.max(dx, 0), Math.max(dz, 0)) + Math.min(Math.max(dx, dz), 0);
}

/** Whether one can stand at `spot`. */
export function isFree(hall: Hall, spot: Spot, body_m = BODY_M): boolean {
  return (
    Math.abs(spot.x) <= hall.width / 2 - body_m &&
    Math.abs(spot.z) <= hall.depth / 2 - body_m &&
    hall.obstacles.every((obstacle) => gapTo(obstacle, spot) >= body_m - 1e-6)
  );
}

/** The nearest place to `spot` where nothing is closer than the body: walls and obstacles push, so one slides along. */
export function pushFree(hall: Hall, spot: Spot, body_m = BODY_M): Spot {
  let free = spot;
  for (let pass = 0; pass < 3; pass += 1) {
    for (const obstacle of hall.obstacles) free = pushOut(obstacle, free, body_m);
    free = {
      x: clamp(free.x, -hall.width / 2 + body_m, hall.width / 2 - body_m),
      z: clamp(free.z, -hall.depth / 2 + body_m, hall.depth / 2 - body_m),
    };
  }
  return free;
}

function pushOut(obstacle: Obstacle, spot: Spot, body_m: number): Spot {
  if (gapTo(obstacle, spot) >= body_m) return spot;
  const local = inside(obstacle, spot);
  const nearest = {
    x: clamp(local.x, -obstacle.half_width, obstacle.half_width),
    z: clamp(local.z, -obstacle.half_depth, obstacle.half_depth),
  };
  const away = { x: local.x - nearest.x, z: local.z - nearest.z };
  const far = Math.hypot(away.x, away.z);
  if (far > 1e-9) {
    return outside(obstacle, { x: nearest.x + (away.x / far) * body_m, z: nearest.z + (away.z / far) * body_m });
  }
  // Inside the box: leave by the nearest side.
  const to_x = obstacle.half_width - Math.abs(local.x);
  const to_z = obstacle.half_depth - Math.abs(local.z);
  return outside(obstacle, to_x < to_z
    ? { x: Math.sign(local.x || 1) * (obstacle.half_width + body_m), z: local.z }
    : { x: local.x, z: Math.sign(local.z || 1) * (obstacle.half_depth + body_m) });
}

/** Whether one can walk straight from `from` to `to`. */
export function isClear(hall: Hall, from: Spot, to: Spot, body_m = BODY_M): boolean {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.z - from.z) / 0.1));
  for (let step = 0; step <= steps; step += 1) {
    const share = step / steps;
    if (!isFree(hall, { x: from.x + (to.x - from.x) * share, z: from.z + (to.z - from.z) * share }, body_m)) return false;
  }
  return true;
}
