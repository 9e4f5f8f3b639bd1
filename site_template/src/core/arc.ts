// The throw that shows where a teleport leads.

import type { Vector } from './exhibition.ts';
import { type Hall, inside, isFree, type Spot } from './hall.ts';

export interface Arc {
  /** The flight, from the hand to where it ends. */
  points: Vector[];
  /** Where it ends. */
  end: Vector;
  /** Whether one can stand there. */
  is_valid: boolean;
}

const SPEED_M_S = 6.5;
const GRAVITY_M_S2 = 9.8;
const STEP_S = 0.025;
const LONGEST_STEPS = 80;

/** Room a teleported visitor needs: a little more than a walking one, because heads lean. */
const LANDING_M = 0.35;

/** Throw from `origin` along `direction` (of length 1) and see where it comes down. */
export function throwArc(hall: Hall, origin: Vector, direction: Vector): Arc {
  const points: Vector[] = [origin];
  let [x, y, z] = origin;
  let [vx, vy, vz] = direction.map((part) => part * SPEED_M_S) as Vector;
  for (let step = 0; step < LONGEST_STEPS; step += 1) {
    const next: Vector = [x + vx * STEP_S, y + vy * STEP_S, z + vz * STEP_S];
    vy -= GRAVITY_M_S2 * STEP_S;
    if (next[1] <= 0) {
      const share = y / Math.max(y - next[1], 1e-9);
      const end: Vector = [x + (next[0] - x) * share, 0, z + (next[2] - z) * share];
      points.push(end);
      return { points, end, is_valid: isFree(hall, { x: end[0], z: end[2] }, LANDING_M) };
    }
    points.push(next);
    if (isStopped(hall, next)) return { points, end: next, is_valid: false };
    [x, y, z] = next;
  }
  return { points, end: points.at(-1)!, is_valid: false };
}

function isStopped(hall: Hall, [x, y, z]: Vector): boolean {
  const spot: Spot = { x, z };
  if (Math.abs(x) > hall.width / 2 || Math.abs(z) > hall.depth / 2 || y > hall.height) return true;
  return hall.obstacles.some((obstacle) => {
    const local = inside(obstacle, spot);
    return y < obstacle.height && Math.abs(local.x) < obstacle.half_width && Math.abs(local.z) < obstacle.half_depth;
  });
}
