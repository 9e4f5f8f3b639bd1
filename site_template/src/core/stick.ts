// What the thumbsticks of VR controllers ask for.

/** How a stick is held, −1 to 1: x to the right, y towards the visitor. */
export interface Stick {
  x: number;
  y: number;
}

export type StickEvent = 'turn_left' | 'turn_right' | 'aim' | 'land' | 'step_back';

const PUSHED = 0.65;
const LET_GO = 0.35;

/** The stick of a controller: `xr-standard` gamepads have it on axes 2 and 3, touch pads alone on 0 and 1. */
export function stickOf(axes: readonly number[]): Stick {
  return axes.length >= 4 ? { x: axes[2]!, y: axes[3]! } : { x: axes[0] ?? 0, y: axes[1] ?? 0 };
}

/** Follow one stick: each push is one event, the next only after it was let go. */
export function createStickReader(): (stick: Stick) => StickEvent | null {
  let held: StickEvent | null = null;
  return ({ x, y }) => {
    if (held) {
      if (Math.hypot(x, y) > LET_GO) return null;
      const was = held;
      held = null;
      return was === 'aim' ? 'land' : null;
    }
    if (Math.hypot(x, y) < PUSHED) return null;
    if (Math.abs(x) > Math.abs(y)) held = x > 0 ? 'turn_right' : 'turn_left';
    else held = y < 0 ? 'aim' : 'step_back';
    return held;
  };
}
