// Pointer, touch, wheel and keyboard on the viewer's stage.

import { STEPS, type Step, type StepName } from '../core/viewer-state.ts';
import type { ViewName } from '../core/orbit.ts';

export interface OrbitActions {
  step(step: Step): void;
  side(name: ViewName): void;
  reset(): void;
}

const DEGREES_PER_PX = 0.35;
const SIDES: readonly ViewName[] = ['front', 'right', 'back', 'left', 'top'];
const KEYS: Readonly<Record<string, StepName>> = {
  ArrowLeft: 'turn_left', ArrowRight: 'turn_right', ArrowUp: 'turn_up', ArrowDown: 'turn_down',
  '+': 'nearer', '=': 'nearer', PageUp: 'nearer', '-': 'farther', _: 'farther', PageDown: 'farther',
};
const SHIFTED: Readonly<Record<string, StepName>> = {
  ArrowLeft: 'move_left', ArrowRight: 'move_right', ArrowUp: 'move_up', ArrowDown: 'move_down',
};

/** Listen on `stage`; returns how to stop. */
export function createOrbitInput(stage: HTMLElement, actions: OrbitActions): { dispose(): void } {
  const listening = new AbortController();
  const { signal } = listening;
  listenToKeys(stage, actions, signal);
  listenToPointers(stage, actions, signal);
  listenToWheel(stage, actions, signal);
  return { dispose: () => listening.abort() };
}

function listenToKeys(stage: HTMLElement, actions: OrbitActions, signal: AbortSignal): void {
  stage.addEventListener('keydown', (event) => {
    if (event.target !== stage || event.ctrlKey || event.altKey || event.metaKey) return;
    const name = event.shiftKey ? (SHIFTED[event.key] ?? KEYS[event.key]) : KEYS[event.key];
    const side = SIDES[Number(event.key) - 1];
    if (name) actions.step(STEPS[name]);
    else if (side) actions.side(side);
    else if (event.key === 'Home') actions.reset();
    else return;
    event.preventDefault();
  }, { signal });
}

/** One finger or the left button turns; two fingers zoom and pan; the right or middle button, or Shift, pans. */
function listenToPointers(stage: HTMLElement, actions: OrbitActions, signal: AbortSignal): void {
  const down = new Map<string, { x: number; y: number }>();
  const id = (event: PointerEvent): string => `${event.pointerId}`;
  const gap = (): number => {
    const [a, b] = [...down.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };

  stage.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && event.target.closest('button')) return;
    down.set(id(event), { x: event.clientX, y: event.clientY });
    stage.setPointerCapture(event.pointerId);
  }, { signal });

  stage.addEventListener('pointermove', (event) => {
    const last = down.get(id(event));
    if (!last) return;
    const gap_before = gap();
    const dx = event.clientX - last.x;
    const dy = event.clientY - last.y;
    last.x = event.clientX;
    last.y = event.clientY;
    const pans = event.shiftKey || (event.buttons & 6) !== 0;
    const height = Math.max(stage.clientHeight, 1);
    if (down.size >= 2) {
      // Both fingers report, so each moves the view by half.
      actions.step({ kind: 'pan', right: -dx / height / 4, up: dy / height / 4 });
      if (gap_before > 0) actions.step({ kind: 'zoom', factor: gap_before / Math.max(gap(), 1) });
    } else if (pans) actions.step({ kind: 'pan', right: -dx / height / 2, up: dy / height / 2 });
    else actions.step({ kind: 'turn', yaw_deg: -dx * DEGREES_PER_PX, pitch_deg: dy * DEGREES_PER_PX });
  }, { signal });

  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    stage.addEventListener(end, (event) => void down.delete(id(event)), { signal });
  }
  stage.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
}

/** The wheel belongs to the page until the visitor has put the focus into the stage, or pinches a touch pad. */
function listenToWheel(stage: HTMLElement, actions: OrbitActions, signal: AbortSignal): void {
  stage.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && document.activeElement !== stage && !document.fullscreenElement) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 18 : event.deltaY;
    actions.step({ kind: 'zoom', factor: Math.exp(lines * (event.ctrlKey ? 0.01 : 0.0015)) });
  }, { signal, passive: false });
}
