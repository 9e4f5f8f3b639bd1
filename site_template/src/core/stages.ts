// From scan to relic as a number: 0 raw points, 1 the form in clay, 2 the finished surface, and all between.

export const STAGES = ['points', 'form', 'surface'] as const;
export type Stage = (typeof STAGES)[number];

export const FINISHED = STAGES.length - 1;
const FORM = 1;
/** How the goal is reached: as a hand drags, at a pace for a click or a key, or slowly, resting at each stop. */
export type Gait = 'follow' | 'run' | 'stroll';
const STAGES_PER_S: Readonly<Record<Gait, number>> = { follow: Infinity, run: 1.15, stroll: 0.3 };
const REST_S = 0.9;
const FOLLOWING_PER_S = 14;
const SETTLED = 0.002;

/** How far each of the two changes has come, 0 to 1: points into form, form into surface. */
export interface Changes {
  formed: number;
  coloured: number;
}

export const changesAt = (value: number): Changes => ({
  formed: clamp(value, 0, 1),
  coloured: clamp(value - FORM, 0, 1),
});

/** The stop nearest to `value`. */
export const nearestStage = (value: number): Stage => STAGES[Math.round(clamp(value, 0, FINISHED))]!;

/** Where between two stops `value` lies; `share` 0 is on `from`. */
export function between(value: number): { from: Stage; to: Stage; share: number } {
  const low = Math.min(Math.floor(clamp(value, 0, FINISHED)), FINISHED - 1);
  const share = value - low;
  return { from: STAGES[low]!, to: STAGES[low + 1]!, share };
}

/** The stage that an address asks for (`#stage=points`), or null. */
export function stageInHash(hash: string): Stage | null {
  const asked = new URLSearchParams(hash.replace(/^#/, '')).get('stage');
  return STAGES.find((stage) => stage === asked) ?? null;
}

/** What is shown, following what is wanted. */
export interface StageState {
  readonly goal: number;
  readonly shown: number;
  aim(goal: number, gait: Gait): void;
  /** Stroll from one value to another. */
  replay(from: number, to: number): void;
  /** Nothing below `lowest` can be shown (yet). */
  limit(lowest: number): void;
  /** Move on by `dt_s`; true while there is more to come. */
  advance(dt_s: number, at_once: boolean): boolean;
}

export function createStageState(): StageState {
  let goal = FINISHED;
  let shown = FINISHED;
  let lowest = FORM;
  let gait: Gait = 'run';
  let rest_s = 0;
  return {
    get goal() { return goal; },
    get shown() { return shown; },
    aim: (next, how) => {
      goal = clamp(next, 0, FINISHED);
      gait = how;
      rest_s = 0;
    },
    replay: (from, to) => {
      shown = Math.max(clamp(from, 0, FINISHED), lowest);
      goal = clamp(to, 0, FINISHED);
      gait = 'stroll';
      rest_s = REST_S;
    },
    limit: (next) => { lowest = next; },
    advance: (dt_s, at_once) => {
      const target = Math.max(goal, lowest);
      const way = target - shown;
      if (at_once || Math.abs(way) < SETTLED) {
        shown = target;
        return false;
      }
      if (rest_s > 0) {
        rest_s -= dt_s;
        return true;
      }
      const pace = STAGES_PER_S[gait] * dt_s;
      const before = shown;
      shown += clamp(way * (1 - Math.exp(-FOLLOWING_PER_S * dt_s)), -pace, pace);
      if (gait === 'stroll' && before < FORM && shown >= FORM) {
        shown = FORM;
        rest_s = REST_S;
      }
      return true;
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
