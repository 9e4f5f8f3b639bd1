// Drawing only when something changes.

export interface Frames {
  /** Draw one more frame. */
  request(): void;
  readonly count: number;
  dispose(): void;
}

const LONGEST_STEP_S = 0.1;

/** Call `draw(dt_s)` in the next frame after each `request`, and go on for as long as it returns true. */
export function createFrames(draw: (dt_s: number) => boolean): Frames {
  let handle = 0;
  let before_ms: number | null = null;
  let count = 0;

  const frame = (now_ms: number): void => {
    handle = 0;
    const dt_s = before_ms === null ? 1 / 60 : Math.min(LONGEST_STEP_S, (now_ms - before_ms) / 1000);
    before_ms = now_ms;
    const goes_on = draw(dt_s);
    count += 1;
    if (goes_on) request();
    else before_ms = null;
  };
  const request = (): void => {
    handle ||= requestAnimationFrame(frame);
  };
  return {
    request,
    get count() { return count; },
    dispose: () => cancelAnimationFrame(handle),
  };
}
