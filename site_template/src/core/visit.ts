// Standing before a relic: from where to look at it, and which one is before one now.

import type { PlacedRelic } from './exhibition.ts';
import { BODY_M, gapTo, type Hall, isFree, type Obstacle, pushFree, type Spot } from './hall.ts';
import { clamp, degrees, radians, wrapDegrees } from './orbit.ts';
import { type Stance, yawTowards } from './walker.ts';

/** Height of the eyes of somebody who stands, metres. */
export const EYE_M = 1.6;

/** Where one may look from, in the order of preference, degrees from the front. */
const ASIDE_DEG = [0, 25, -25, 50, -50, 80, -80];

/** Where to stand and look so that the whole relic is seen, from its front if there is room, else from beside. */
export function stanceBefore(relic: PlacedRelic, hall: Hall): Stance {
  const [x, base, z] = relic.position;
  const [width, height, depth] = relic.size;
  const reach = Math.max(relic.plinth.depth, depth) / 2;
  const away = reach + clamp(Math.max(width, height) + 0.18, 0.42, 6);
  const spot = [1, 0.75, 0.5]
    .flatMap((share) => ASIDE_DEG.map((turn_deg) => ({ far: away * share, turn: radians(relic.yaw_deg + turn_deg) })))
    .map(({ far, turn }): Spot => ({ x: x + Math.sin(turn) * far, z: z + Math.cos(turn) * far }))
    .find((one) => isFree(hall, one)) ?? pushFree(hall, { x, z: z + away });
  const far = Math.hypot(spot.x - x, spot.z - z);
  return {
    ...spot,
    yaw_deg: yawTowards(spot, { x, z }),
    pitch_deg: degrees(Math.atan2(base + height * 0.45 - EYE_M, far)),
  };
}

/** The relic that a visitor stands before: within reach, near, and looked at rather than behind; or null. */
export function relicAt(relics: readonly PlacedRelic[], obstacles: readonly Obstacle[], stance: Stance): PlacedRelic | null {
  let best: { relic: PlacedRelic; rank: number } | null = null;
  for (const [index, relic] of relics.entries()) {
    const gap = gapTo(obstacles[index]!, stance);
    const reach = clamp(Math.max(...relic.size) * 1.5, 1.2, 4) + BODY_M;
    if (gap > reach) continue;
    const off = wrapDegrees(yawTowards(stance, { x: relic.position[0], z: relic.position[2] }) - stance.yaw_deg);
    const rank = gap + (1 - Math.cos(radians(off))) * 2;
    if (!best || rank < best.rank) best = { relic, rank };
  }
  return best?.relic ?? null;
}
