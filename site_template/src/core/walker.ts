// A visitor on foot: where they stand, which way they look, where they are going.

import { type Hall, isFree, pushFree, type Spot } from './hall.ts';
import { clamp, degrees, radians, wrapDegrees } from './orbit.ts';
import { findRoute } from './route.ts';

/** Yaw 0 looks towards −Z, into the room; positive yaw turns left. Pitch is up. */
export interface Stance extends Spot {
  yaw_deg: number;
  pitch_deg: number;
}

export type Direction = 'forward' | 'backward' | 'left' | 'right' | 'turn_left' | 'turn_right';

export interface Walker {
  readonly stance: Stance;
  /** True while the last step was stopped by a wall or a plinth. */
  readonly is_blocked: boolean;
  /** Begin or end going in a direction, for as long as a key or button is held. */
  hold(direction: Direction, on: boolean): void;
  look(yaw_deg: number, pitch_deg: number): void;
  /** Walk to a place, round what is in the way; false where no way leads. */
  walkTo(spot: Spot): boolean;
  /** Walk to a place and look as the stance says. */
  goTo(stance: Stance): boolean;
  /** Be there at once. */
  place(stance: Stance): void;
  /** Move on by `dt_s`; true while something moves. With `at_once` ways are cuts. */
  advance(dt_s: number, at_once: boolean): boolean;
}

const SPEED_M_S = 1.6;
const TOUR_SPEED_M_S = 2.4;
const TURN_DEG_S = 75;
const PITCH_LIMIT_DEG = 70;

export function createWalker(hall: Hall, start: Stance): Walker {
  let stance: Stance = { ...start, ...pushFree(hall, start) };
  let way: Spot[] = [];
  let gaze: { yaw_deg: number; pitch_deg: number } | null = null;
  let is_blocked = false;
  const held = new Set<Direction>();
  const stop = (): void => {
    way = [];
    gaze = null;
  };

  const byKeys = (dt_s: number): boolean => {
    if (held.size === 0) return false;
    stop();
    const sign = (plus: Direction, minus: Direction): number => Number(held.has(plus)) - Number(held.has(minus));
    const yaw_deg = stance.yaw_deg + sign('turn_left', 'turn_right') * TURN_DEG_S * dt_s;
    const yaw = radians(yaw_deg);
    const ahead = sign('forward', 'backward');
    const aside = sign('right', 'left');
    const length = (SPEED_M_S * dt_s) / Math.max(1, Math.hypot(ahead, aside));
    const wish = {
      x: stance.x + (-Math.sin(yaw) * ahead + Math.cos(yaw) * aside) * length,
      z: stance.z + (-Math.cos(yaw) * ahead - Math.sin(yaw) * aside) * length,
    };
    const reached = pushFree(hall, wish);
    const moved = Math.hypot(reached.x - stance.x, reached.z - stance.z);
    is_blocked = (ahead !== 0 || aside !== 0) && moved < length * 0.5;
    stance = { ...stance, ...(isFree(hall, reached) ? reached : {}), yaw_deg };
    return true;
  };

  const byWay = (dt_s: number): boolean => {
    let left = TOUR_SPEED_M_S * dt_s;
    while (way[0] && left > 0) {
      const { x, z } = way[0];
      const far = Math.hypot(x - stance.x, z - stance.z);
      const share = far <= left ? 1 : left / far;
      stance = { ...stance, x: stance.x + (x - stance.x) * share, z: stance.z + (z - stance.z) * share };
      left -= far;
      if (share === 1) way.shift();
    }
    return way.length > 0;
  };

  const byGaze = (dt_s: number): boolean => {
    if (!gaze) return false;
    const off = wrapDegrees(gaze.yaw_deg - stance.yaw_deg);
    const up = gaze.pitch_deg - stance.pitch_deg;
    if (Math.hypot(off, up) < 0.2) {
      stance = { ...stance, ...gaze };
      gaze = null;
      return false;
    }
    const share = 1 - Math.exp(-(way.length > 0 ? 2.5 : 6) * dt_s);
    stance = { ...stance, yaw_deg: stance.yaw_deg + off * share, pitch_deg: stance.pitch_deg + up * share };
    return true;
  };

  const goTo = (spot: Spot, look: typeof gaze): boolean => {
    const route = findRoute(hall, stance, spot);
    if (route.length === 0) return false;
    way = route;
    gaze = look;
    is_blocked = false;
    return true;
  };

  return {
    get stance() { return stance; },
    get is_blocked() { return is_blocked; },
    hold: (direction, on) => void (on ? held.add(direction) : held.delete(direction)),
    look: (yaw_deg, pitch_deg) => {
      gaze = null;
      const pitch = clamp(stance.pitch_deg + pitch_deg, -PITCH_LIMIT_DEG, PITCH_LIMIT_DEG);
      stance = { ...stance, yaw_deg: wrapDegrees(stance.yaw_deg + yaw_deg), pitch_deg: pitch };
    },
    walkTo: (spot) => goTo(spot, null),
    goTo: (to) => goTo(to, { yaw_deg: to.yaw_deg, pitch_deg: to.pitch_deg }),
    place: (to) => {
      stop();
      stance = { ...to, ...pushFree(hall, to) };
    },
    advance: (dt_s, at_once) => {
      if (at_once && way.length > 0) {
        stance = { ...stance, ...way.at(-1)!, ...gaze };
        stop();
        return true;
      }
      const keys = byKeys(dt_s);
      const walks = byWay(dt_s);
      const turns = byGaze(dt_s);
      return keys || walks || turns;
    },
  };
}

/** The yaw that looks from `from` at `to`. */
export const yawTowards = (from: Spot, to: Spot): number => degrees(Math.atan2(from.x - to.x, from.z - to.z));
