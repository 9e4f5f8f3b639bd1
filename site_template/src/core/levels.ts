// Which of a relic's models to show: by purpose on its page, by distance and budget in the room.

import type { ModelLevel } from './exhibition.ts';

/** The models a relic page loads, in this order; the finest only when asked for. */
export interface ViewerPlan {
  first: ModelLevel;
  main: ModelLevel;
  finest: ModelLevel | null;
}

const byName = (levels: readonly ModelLevel[], name: ModelLevel['name']): ModelLevel | undefined =>
  levels.find((level) => level.name === name);

/** Plan a relic page; null where there is no model at all. Levels that share a file count once. */
export function planViewer(levels: readonly ModelLevel[]): ViewerPlan | null {
  const coarsest = levels[0];
  const last = levels[levels.length - 1];
  if (!coarsest || !last) return null;
  const first = byName(levels, 'thumb') ?? coarsest;
  const main = byName(levels, 'hero') ?? byName(levels, 'room') ?? last;
  const inspect = byName(levels, 'inspect');
  return { first, main, finest: inspect && inspect.url !== main.url ? inspect : null };
}

/** One relic as the room sees it at this moment. */
export interface Seen {
  id: string;
  distance_m: number;
  /** Its largest side, metres: big things are looked at from farther away. */
  reach_m: number;
  levels: readonly ModelLevel[];
  current: string | null;
}

/** Triangles all relics together may draw per eye and frame, less what hall and plinths need. */
export const ROOM_TRIANGLES = 290_000;

const NEAR_M = 5;
const NEAR_SIDES = 2.5;
const LEAVE = 1.3;

/**
 * Choose the model of each relic in the room: `room` when near, `thumb` when far, never more triangles in all than
 * `budget`; nearest first. A relic keeps its finer model a little beyond the distance that brought it, so that
 * nothing flickers at the line.
 */
export function chooseLevels(seen: readonly Seen[], budget = ROOM_TRIANGLES): Map<string, ModelLevel> {
  const chosen = new Map<string, ModelLevel>();
  let spent = 0;
  for (const relic of seen) {
    const coarse = byName(relic.levels, 'thumb') ?? relic.levels[0];
    if (!coarse) continue;
    chosen.set(relic.id, coarse);
    spent += coarse.triangles;
  }
  for (const relic of [...seen].sort((a, b) => a.distance_m - b.distance_m)) {
    const coarse = chosen.get(relic.id);
    const fine = byName(relic.levels, 'room');
    if (!coarse || !fine || fine.url === coarse.url) continue;
    const near = Math.max(NEAR_M, relic.reach_m * NEAR_SIDES);
    const reach = relic.current === fine.url ? near * LEAVE : near;
    const more = fine.triangles - coarse.triangles;
    if (relic.distance_m > reach || spent + more > budget) continue;
    chosen.set(relic.id, fine);
    spent += more;
  }
  return chosen;
}
