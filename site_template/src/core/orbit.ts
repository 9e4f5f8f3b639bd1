// Looking at an object from all sides: where the eye is, how it moves there, and what that view is called.

import type { Vector } from './exhibition.ts';

/** The eye on a sphere about `target`. Yaw 0 faces the model's +Z; positive yaw moves the eye to +X. */
export interface OrbitView {
  yaw_deg: number;
  pitch_deg: number;
  distance_m: number;
  target: Vector;
}

/** How near, how far and how far aside the eye may go. */
export interface OrbitLimits {
  min_distance_m: number;
  max_distance_m: number;
  min_pitch_deg: number;
  max_pitch_deg: number;
  max_pan_m: number;
  centre: Vector;
}

/** Sides as seen from the object's front. */
export const NAMED_VIEWS = {
  front: { yaw_deg: 0, pitch_deg: 8 },
  right: { yaw_deg: 90, pitch_deg: 8 },
  back: { yaw_deg: 180, pitch_deg: 8 },
  left: { yaw_deg: -90, pitch_deg: 8 },
  top: { yaw_deg: 0, pitch_deg: 80 },
} as const;

export type ViewName = keyof typeof NAMED_VIEWS;

export const radians = (deg: number): number => (deg * Math.PI) / 180;
export const degrees = (rad: number): number => (rad * 180) / Math.PI;
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Vertical field of view, degrees, that shows enough to both sides in a tall frame without bending a wide one. */
export function fieldOfView(aspect: number, usual_deg = 62, least_across_deg = 46, most_deg = 82): number {
  const across = Math.tan(radians(least_across_deg) / 2);
  return clamp(Math.max(usual_deg, 2 * degrees(Math.atan(across / aspect))), usual_deg, most_deg);
}

/** The same direction between −180 (excluded) and 180. */
export function wrapDegrees(deg: number): number {
  const turned = ((deg % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

/** Distance at which a box of `size` (metres) fills the frame but for a margin, whichever way it is turned. */
export function fitDistance(size: Vector, fov_deg: number, aspect: number, margin = 1.1): number {
  const [width, height, depth] = size;
  const across = Math.hypot(width, depth);
  const half = Math.tan(radians(fov_deg) / 2);
  return Math.max(height / 2 / half, across / 2 / (half * aspect)) * margin + across / 2;
}

/** Limits for an object of `size` whose base centre is the origin, seen in full from `fit_m`. */
export function orbitLimits(size: Vector, fit_m: number): OrbitLimits {
  const reach = Math.hypot(...size) / 2;
  return {
    min_distance_m: reach * 0.45,
    max_distance_m: fit_m * 2,
    min_pitch_deg: -35,
    max_pitch_deg: 85,
    max_pan_m: reach,
    centre: [0, size[1] / 2, 0],
  };
}

/** `view`, brought inside `limits`. */
export function limitView(view: OrbitView, limits: OrbitLimits): OrbitView {
  const offset = view.target.map((value, axis) => value - limits.centre[axis]!);
  const far = Math.hypot(...offset);
  const shrink = far > limits.max_pan_m ? limits.max_pan_m / far : 1;
  return {
    yaw_deg: view.yaw_deg,
    pitch_deg: clamp(view.pitch_deg, limits.min_pitch_deg, limits.max_pitch_deg),
    distance_m: clamp(view.distance_m, limits.min_distance_m, limits.max_distance_m),
    target: offset.map((value, axis) => value * shrink + limits.centre[axis]!) as Vector,
  };
}

/** `view` with its target moved `right` and `up` in the picture's plane, metres. */
export function panView(view: OrbitView, right: number, up: number): OrbitView {
  const yaw = radians(view.yaw_deg);
  const pitch = radians(view.pitch_deg);
  const [x, y, z] = view.target;
  const aside = -Math.sin(pitch) * up;
  return {
    ...view,
    target: [
      x + Math.cos(yaw) * right + Math.sin(yaw) * aside,
      y + Math.cos(pitch) * up,
      z - Math.sin(yaw) * right + Math.cos(yaw) * aside,
    ],
  };
}

/** The view that looks straight at `position` along `normal`, from `distance_m`. */
export function viewOf(position: Vector, normal: Vector, distance_m: number): OrbitView {
  const length = Math.hypot(...normal) || 1;
  return {
    yaw_deg: degrees(Math.atan2(normal[0], normal[2])),
    pitch_deg: degrees(Math.asin(clamp(normal[1] / length, -1, 1))),
    distance_m,
    target: position,
  };
}

/** The way from `from` to `to` after `dt_s` seconds of damped motion; `to` itself once it is near enough to rest. */
export function approach(from: OrbitView, to: OrbitView, dt_s: number, rate = 9): OrbitView {
  const share = 1 - Math.exp(-rate * dt_s);
  const mix = (a: number, b: number): number => a + (b - a) * share;
  const next: OrbitView = {
    yaw_deg: mix(from.yaw_deg, to.yaw_deg),
    pitch_deg: mix(from.pitch_deg, to.pitch_deg),
    distance_m: mix(from.distance_m, to.distance_m),
    target: from.target.map((value, axis) => mix(value, to.target[axis]!)) as Vector,
  };
  return isSameView(next, to) ? to : next;
}

/** Whether the eye would see no difference between two views. */
export function isSameView(a: OrbitView, b: OrbitView): boolean {
  const scale = Math.max(a.distance_m, 1e-6);
  const aside = Math.hypot(...a.target.map((value, axis) => value - b.target[axis]!));
  return (
    Math.abs(a.yaw_deg - b.yaw_deg) < 0.05 &&
    Math.abs(a.pitch_deg - b.pitch_deg) < 0.05 &&
    Math.abs(a.distance_m - b.distance_m) / scale < 5e-4 &&
    aside / scale < 5e-4
  );
}

/** `to` turned by whole circles so that the way from `from` is the short one. */
export function nearestTurn(from: OrbitView, to: OrbitView): OrbitView {
  return { ...to, yaw_deg: from.yaw_deg + wrapDegrees(to.yaw_deg - from.yaw_deg) };
}

/** What a view is called: the nearest side, how far off it the eye stands, and from how high it looks. */
export interface SpokenView {
  side: ViewName;
  turned_deg: number;
  turned_to: 'left' | 'right' | null;
  height: 'above' | 'below' | null;
}

/** Name `view` in steps of 5 degrees; the front is where `front_deg` says. */
export function nameView(view: OrbitView, front_deg = 0): SpokenView {
  if (view.pitch_deg > 65) return { side: 'top', turned_deg: 0, turned_to: null, height: null };
  const yaw = wrapDegrees(Math.round((view.yaw_deg - front_deg) / 5) * 5);
  const sides: [ViewName, number][] = [['front', 0], ['right', 90], ['back', 180], ['left', -90]];
  const nearest = sides
    .map(([side, at]) => ({ side, off: wrapDegrees(yaw - at) }))
    .reduce((best, one) => (Math.abs(one.off) < Math.abs(best.off) ? one : best));
  return {
    side: nearest.side,
    turned_deg: Math.abs(nearest.off),
    turned_to: nearest.off === 0 ? null : nearest.off < 0 ? 'left' : 'right',
    height: view.pitch_deg > 20 ? 'above' : view.pitch_deg < -8 ? 'below' : null,
  };
}
