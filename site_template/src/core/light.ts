// The light of the hall, worked out once: how much of the lamps and of the even light each spot of a surface gets.
// A baked map costs nothing per frame, which is what a headset can afford.

import type { PlacedRelic, Vector } from './exhibition.ts';
import { gapTo, type Hall, inside, type Obstacle } from './hall.ts';
import { clamp, radians } from './orbit.ts';

/** A spotlight: where it hangs, where it points, how wide it opens, and what it must not shine through. */
export interface Lamp {
  at: Vector;
  aim: Vector;
  inner_cos: number;
  outer_cos: number;
  /** Brightness at the aim, 1 for a lamp over a relic. */
  strength: number;
  shadow_of: readonly Obstacle[];
}

/** A flat part of the hall, cut into texels: `origin` is the corner of the first, rows go along `down`. */
export interface Surface {
  origin: Vector;
  across: Vector;
  down: Vector;
  normal: Vector;
  columns: number;
  rows: number;
  kind: 'floor' | 'wall' | 'ceiling';
}

/** Two values per texel, row by row: light of the lamps, and even light, both 1 where nothing is in the way. */
export type LightMap = Float32Array;

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** One lamp before and above each relic, as galleries hang them: 30 degrees from the vertical, a little to the left. */
export function relicLamps(hall: Hall, relics: readonly PlacedRelic[]): Lamp[] {
  return relics.map((relic, index) => {
    const [x, base, z] = relic.position;
    const middle = base + relic.size[1] * 0.55;
    const high = hall.height - 0.22;
    const out = Math.max(0.5, (high - middle) * 0.62);
    const turn = radians(relic.yaw_deg - 22);
    const at: Vector = [
      clamp(x + Math.sin(turn) * out, -hall.width / 2 + 0.25, hall.width / 2 - 0.25),
      high,
      clamp(z + Math.cos(turn) * out, -hall.depth / 2 + 0.25, hall.depth / 2 - 0.25),
    ];
    const reach = Math.max(relic.size[0], relic.size[1], relic.plinth.width) * 0.75 + 0.25;
    const opening = Math.atan2(reach, Math.hypot(out, high - middle));
    return {
      at,
      aim: [x, middle, z],
      inner_cos: Math.cos(opening * 0.55),
      outer_cos: Math.cos(opening * 1.35),
      strength: 1,
      shadow_of: shadowsOf(hall.obstacles[index]!, relic),
    };
  });
}

/** What throws the shadow: the plinth, and a slimmer box for the relic on it. */
function shadowsOf(obstacle: Obstacle, relic: PlacedRelic): Obstacle[] {
  return [
    { ...obstacle, height: relic.position[1] },
    { ...obstacle, half_width: relic.size[0] * 0.36, half_depth: relic.size[2] * 0.36, height: relic.position[1] + relic.size[1] * 0.92 },
  ];
}

/** Washes of light down the walls, about every two metres. */
export function wallLamps(hall: Hall): Lamp[] {
  const lamps: Lamp[] = [];
  const walls: [number, number, number][] = [[0, hall.width, hall.depth], [90, hall.depth, hall.width], [180, hall.width, hall.depth], [270, hall.depth, hall.width]];
  for (const [turn_deg, length, far] of walls) {
    const turn = radians(turn_deg);
    const n_lamps = Math.max(1, Math.round(length / 2.1));
    for (let index = 0; index < n_lamps; index += 1) {
      const along = ((index + 0.5) / n_lamps - 0.5) * length;
      const place = (out: number, y: number): Vector => [
        Math.cos(turn) * along + Math.sin(turn) * (far / 2 - out), y, -Math.sin(turn) * along + Math.cos(turn) * (far / 2 - out),
      ];
      lamps.push({
        at: place(0.55, hall.height - 0.1), aim: place(0, hall.height * 0.42),
        inner_cos: Math.cos(0.28), outer_cos: Math.cos(0.85), strength: 0.46, shadow_of: [],
      });
    }
  }
  return lamps;
}

/** Light of `lamps` and even light on `surface`. */
export function bakeLight(surface: Surface, hall: Hall, lamps: readonly Lamp[]): LightMap {
  const { origin, across, down, columns, rows } = surface;
  const map = new Float32Array(columns * rows * 2);
  // On walls the shadow of a box would be seen to be a box's; on the floor it lies under what throws it.
  const casting = surface.kind === 'floor' ? lamps : lamps.map((lamp) => ({ ...lamp, shadow_of: [] }));
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const u = (column + 0.5) / columns;
      const v = (row + 0.5) / rows;
      const point: Vector = [
        origin[0] + across[0] * u + down[0] * v,
        origin[1] + across[1] * u + down[1] * v,
        origin[2] + across[2] * u + down[2] * v,
      ];
      const texel = (row * columns + column) * 2;
      map[texel] = casting.reduce((sum, lamp) => sum + lampAt(lamp, point, surface.normal), 0);
      map[texel + 1] = evenAt(hall, surface.kind, point);
    }
  }
  return map;
}

function lampAt(lamp: Lamp, point: Vector, normal: Vector): number {
  const beam = minus(lamp.aim, lamp.at);
  const ray = minus(point, lamp.at);
  const far = Math.hypot(...ray);
  const length = Math.hypot(...beam);
  const cos = dot(ray, beam) / (far * length);
  if (cos <= lamp.outer_cos) return 0;
  const facing = -dot(ray, normal) / far;
  if (facing <= 0) return 0;
  const edge = clamp((cos - lamp.outer_cos) / (lamp.inner_cos - lamp.outer_cos), 0, 1);
  const light = lamp.strength * edge * edge * (3 - 2 * edge) * facing * (length / far) ** 2;
  return light < 0.005 ? 0 : light * (1 - shadowAt(lamp, point));
}

/** Lamps have a size, so shadows have soft edges: seen from some points of the lamp, the box is in the way. */
const LAMP_POINTS: Vector[] = [[0, 0, 0], [0.09, 0, 0], [-0.09, 0, 0], [0, 0, 0.09], [0, 0, -0.09]];

function shadowAt(lamp: Lamp, point: Vector): number {
  if (lamp.shadow_of.length === 0) return 0;
  let hidden = 0;
  for (const [dx, dy, dz] of LAMP_POINTS) {
    const from: Vector = [lamp.at[0] + dx, lamp.at[1] + dy, lamp.at[2] + dz];
    if (lamp.shadow_of.some((box) => crosses(box, from, point))) hidden += 1;
  }
  return hidden / LAMP_POINTS.length;
}

/** Whether the way from `from` to `to` goes through the box (slab test, Kay and Kajiya 1986). */
export function crosses(box: Obstacle, from: Vector, to: Vector): boolean {
  const a = inside(box, { x: from[0], z: from[2] });
  const b = inside(box, { x: to[0], z: to[2] });
  let enter = 0;
  let leave = 1;
  const slabs: [number, number, number, number][] = [
    [a.x, b.x, -box.half_width, box.half_width],
    [a.z, b.z, -box.half_depth, box.half_depth],
    [from[1], to[1], 0, box.height],
  ];
  for (const [start, end, low, high] of slabs) {
    const way = end - start;
    if (Math.abs(way) < 1e-9) {
      if (start < low || start > high) return false;
      continue;
    }
    const first = (low - start) / way;
    const second = (high - start) / way;
    enter = Math.max(enter, Math.min(first, second));
    leave = Math.min(leave, Math.max(first, second));
  }
  return enter < leave - 1e-6;
}

/** Even light is weaker in corners and beside plinths. */
function evenAt(hall: Hall, kind: Surface['kind'], [x, y, z]: Vector): number {
  const dims = (distance: number, depth: number, reach: number): number => 1 - depth * Math.exp(-Math.max(distance, 0) / reach);
  const to_side = hall.width / 2 - Math.abs(x);
  const to_end = hall.depth / 2 - Math.abs(z);
  if (kind === 'wall') {
    return dims(y, 0.38, 0.4) * dims(hall.height - y, 0.25, 0.5) * dims(Math.max(to_side, to_end), 0.28, 0.7);
  }
  const corners = dims(to_side, 0.3, 0.6) * dims(to_end, 0.3, 0.6);
  if (kind === 'ceiling') return corners;
  return hall.obstacles.reduce((light, box) => light * dims(gapTo(box, { x, z }), 0.62, 0.2), corners);
}
