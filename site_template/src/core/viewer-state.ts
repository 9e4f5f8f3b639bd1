// The view a visitor asks for, and the one shown on the way there.

import {
  approach, isSameView, limitView, nearestTurn, NAMED_VIEWS, type OrbitLimits, type OrbitView, panView, type ViewName,
} from './orbit.ts';

/** What one press of a button or key does. */
export type Step =
  | { kind: 'turn'; yaw_deg: number; pitch_deg: number }
  | { kind: 'zoom'; factor: number }
  | { kind: 'pan'; right: number; up: number };

export const STEPS = {
  turn_left: { kind: 'turn', yaw_deg: -15, pitch_deg: 0 },
  turn_right: { kind: 'turn', yaw_deg: 15, pitch_deg: 0 },
  turn_up: { kind: 'turn', yaw_deg: 0, pitch_deg: 10 },
  turn_down: { kind: 'turn', yaw_deg: 0, pitch_deg: -10 },
  nearer: { kind: 'zoom', factor: 0.8 },
  farther: { kind: 'zoom', factor: 1.25 },
  move_left: { kind: 'pan', right: -0.08, up: 0 },
  move_right: { kind: 'pan', right: 0.08, up: 0 },
  move_up: { kind: 'pan', right: 0, up: 0.08 },
  move_down: { kind: 'pan', right: 0, up: -0.08 },
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;

export interface ViewerState {
  /** What is drawn now. */
  readonly shown: OrbitView;
  /** Where it is going. */
  readonly goal: OrbitView;
  step(step: Step): void;
  goTo(view: OrbitView): void;
  side(name: ViewName): void;
  reset(): void;
  /** Replace home and limits, after the frame changed its shape. */
  refit(home: OrbitView, limits: OrbitLimits): void;
  /** Move on by `dt_s`; true while there is still way to go. With `at_once` the way is a cut. */
  advance(dt_s: number, at_once: boolean): boolean;
}

/** Make the state of a viewer that starts at `home`, which faces the front: sides are counted from there. Pan steps are shares of the eye's distance. */
export function createViewerState(home: OrbitView, limits: OrbitLimits): ViewerState {
  let shown = home;
  let goal = home;
  const aim = (view: OrbitView): void => {
    goal = limitView(view, limits);
  };

  return {
    get shown() { return shown; },
    get goal() { return goal; },
    step: (step) => {
      if (step.kind === 'turn') aim({ ...goal, yaw_deg: goal.yaw_deg + step.yaw_deg, pitch_deg: goal.pitch_deg + step.pitch_deg });
      else if (step.kind === 'zoom') aim({ ...goal, distance_m: goal.distance_m * step.factor });
      else aim(panView(goal, step.right * goal.distance_m, step.up * goal.distance_m));
    },
    goTo: (view) => aim(nearestTurn(goal, view)),
    side: (name) => aim(nearestTurn(goal, { ...home, ...NAMED_VIEWS[name], yaw_deg: home.yaw_deg + NAMED_VIEWS[name].yaw_deg })),
    reset: () => aim(nearestTurn(goal, home)),
    refit: (next_home, next_limits) => {
      const was_home = isSameView(goal, home);
      home = next_home;
      limits = next_limits;
      aim(was_home ? home : goal);
      shown = was_home ? home : limitView(shown, limits);
    },
    advance: (dt_s, at_once) => {
      if (isSameView(shown, goal)) {
        shown = goal;
        return false;
      }
      shown = at_once ? goal : approach(shown, goal, dt_s);
      return true;
    },
  };
}
