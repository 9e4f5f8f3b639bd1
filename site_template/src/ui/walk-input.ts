// Keyboard, mouse and touch in the room.

import type { Direction } from '../core/walker.ts';

export interface WalkActions {
  hold(direction: Direction, on: boolean): void;
  look(yaw_deg: number, pitch_deg: number): void;
  /** A click or tap, in shares of the stage from its upper left corner. */
  choose(x: number, y: number): void;
  /** The pointer rests there; null when it has left. */
  point(place: { x: number; y: number } | null): void;
  /** Enter or space: open what one stands before. */
  open(): void;
  close(): void;
}

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'forward', KeyW: 'forward', ArrowDown: 'backward', KeyS: 'backward',
  ArrowLeft: 'turn_left', KeyQ: 'turn_left', ArrowRight: 'turn_right', KeyE: 'turn_right',
  KeyA: 'left', KeyD: 'right',
};
const DEGREES_PER_PX = 0.16;
const CLICK_PX = 6;

export function createWalkInput(stage: HTMLElement, actions: WalkActions): { dispose(): void } {
  const listening = new AbortController();
  const { signal } = listening;
  listenToKeys(stage, actions, signal);
  listenToPointers(stage, actions, signal);
  return { dispose: () => listening.abort() };
}

function listenToKeys(stage: HTMLElement, actions: WalkActions, signal: AbortSignal): void {
  const release = (): void => Object.values(KEYS).forEach((direction) => actions.hold(direction, false));
  stage.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== stage) return;
    const direction = KEYS[event.code] ?? KEYS[event.key];
    if (direction) actions.hold(direction, true);
    else if (event.key === 'Enter' || event.key === ' ') actions.open();
    else if (event.key === 'Escape') actions.close();
    else return;
    event.preventDefault();
  }, { signal });
  stage.addEventListener('keyup', (event) => {
    const direction = KEYS[event.code] ?? KEYS[event.key];
    if (direction) actions.hold(direction, false);
  }, { signal });
  // A key let go while another window has the focus would never be heard of.
  stage.addEventListener('blur', release, { signal });
  addEventListener('blur', release, { signal });
}

/** One finger or the button looks around, two fingers walk, a short press chooses. */
function listenToPointers(stage: HTMLElement, actions: WalkActions, signal: AbortSignal): void {
  const down = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let walks: Direction | null = null;
  const share = (event: PointerEvent): { x: number; y: number } => {
    const frame = stage.getBoundingClientRect();
    return { x: (event.clientX - frame.left) / frame.width, y: (event.clientY - frame.top) / frame.height };
  };
  const walk = (direction: Direction | null): void => {
    if (direction === walks) return;
    if (walks) actions.hold(walks, false);
    if (direction) actions.hold(direction, true);
    walks = direction;
  };

  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    stage.setPointerCapture(event.pointerId);
  }, { signal });

  stage.addEventListener('pointermove', (event) => {
    const last = down.get(event.pointerId);
    if (!last) {
      if (event.pointerType === 'mouse') actions.point(share(event));
      return;
    }
    const dx = event.clientX - last.x;
    const dy = event.clientY - last.y;
    travelled += Math.hypot(dx, dy);
    if (down.size >= 2) {
      if (Math.abs(dy) > 1) walk(dy < 0 ? 'forward' : 'backward');
    } else if (travelled > CLICK_PX) actions.look(dx * DEGREES_PER_PX, dy * DEGREES_PER_PX);
    last.x = event.clientX;
    last.y = event.clientY;
  }, { signal });

  stage.addEventListener('pointerup', (event) => {
    if (down.delete(event.pointerId) && down.size === 0 && travelled <= CLICK_PX) {
      const { x, y } = share(event);
      actions.choose(x, y);
    }
    if (down.size < 2) walk(null);
  }, { signal });
  stage.addEventListener('pointercancel', (event) => {
    down.delete(event.pointerId);
    walk(null);
  }, { signal });
  stage.addEventListener('pointerleave', () => actions.point(null), { signal });
}
