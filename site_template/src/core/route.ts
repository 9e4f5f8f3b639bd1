// A way round the plinths: A* over a grid (Hart, Nilsson, Raphael 1968), then the corners that are not needed fall out.

import { type Hall, isClear, isFree, pushFree, type Spot } from './hall.ts';

const CELL_M = 0.3;

/**
 * Way from `from` to `to`, without `from` itself.
 *
 * Ends at the nearest place to `to` where one can stand. Empty where no way leads there.
 */
export function findRoute(hall: Hall, from: Spot, to: Spot): Spot[] {
  const goal = pushFree(hall, to);
  if (!isFree(hall, goal)) return [];
  if (isClear(hall, from, goal)) return [goal];
  const cells = searchGrid(hall, from, goal);
  return cells ? straighten(hall, [from, ...cells, goal]).slice(1) : [];
}

function searchGrid(hall: Hall, from: Spot, goal: Spot): Spot[] | null {
  const columns = Math.floor(hall.width / CELL_M) + 1;
  const rows = Math.floor(hall.depth / CELL_M) + 1;
  const place = (cell: number): Spot => ({
    x: ((cell % columns) - (columns - 1) / 2) * CELL_M,
    z: (Math.floor(cell / columns) - (rows - 1) / 2) * CELL_M,
  });
  const free = Array.from({ length: columns * rows }, (_, cell) => isFree(hall, place(cell)));
  const nearest = (spot: Spot): number => {
    const far = (cell: number): number => Math.hypot(place(cell).x - spot.x, place(cell).z - spot.z);
    return free.reduce((best, is_free, cell) => (is_free && (best < 0 || far(cell) < far(best)) ? cell : best), -1);
  };
  const start = nearest(from);
  const end = nearest(goal);
  if (start < 0 || end < 0) return null;

  const cost = new Map([[start, 0]]);
  const came = new Map<number, number>();
  const open = new Set([start]);
  const estimate = (cell: number): number =>
    cost.get(cell)! + Math.hypot(place(cell).x - place(end).x, place(cell).z - place(end).z);
  while (open.size > 0) {
    const cell = [...open].reduce((best, one) => (estimate(one) < estimate(best) ? one : best));
    if (cell === end) return retrace(came, end).map(place);
    open.delete(cell);
    for (const [next, length] of neighbours(cell, columns, rows, free)) {
      const reached = cost.get(cell)! + length;
      if (reached >= (cost.get(next) ?? Infinity)) continue;
      cost.set(next, reached);
      came.set(next, cell);
      open.add(next);
    }
  }
  return null;
}

/** Free cells beside `cell`, with the length of the step; a diagonal one must not cut a corner. */
function neighbours(cell: number, columns: number, rows: number, free: readonly boolean[]): [number, number][] {
  const column = cell % columns;
  const row = Math.floor(cell / columns);
  const found: [number, number][] = [];
  for (const down of [-1, 0, 1]) {
    for (const right of [-1, 0, 1]) {
      if (down === 0 && right === 0) continue;
      if (column + right < 0 || column + right >= columns || row + down < 0 || row + down >= rows) continue;
      const next = cell + down * columns + right;
      if (free[next] && free[cell + right] && free[cell + down * columns]) found.push([next, Math.hypot(down, right) * CELL_M]);
    }
  }
  return found;
}

function retrace(came: ReadonlyMap<number, number>, end: number): number[] {
  const way = [end];
  for (let cell = came.get(end); cell !== undefined; cell = came.get(cell)) way.unshift(cell);
  return way;
}

function straighten(hall: Hall, way: readonly Spot[]): Spot[] {
  const kept = [way[0]!];
  let at = 0;
  while (at < way.length - 1) {
    let next = way.length - 1;
    while (next > at + 1 && !isClear(hall, way[at]!, way[next]!)) next -= 1;
    kept.push(way[next]!);
    at = next;
  }
  return kept;
}
