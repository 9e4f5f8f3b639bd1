// Telling screen readers what happened.

export interface Announcer {
  say(text: string): void;
  /** Say it once nothing else has been said for a moment: for what changes many times a second. */
  sayLater(text: string): void;
  dispose(): void;
}

const QUIET_MS = 350;

/** Announce in `region`, which has role=status. */
export function createAnnouncer(region: HTMLElement): Announcer {
  let timer = 0;
  const say = (text: string): void => {
    clearTimeout(timer);
    if (region.textContent !== text) region.textContent = text;
  };
  return {
    say,
    sayLater: (text) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => say(text), QUIET_MS);
    },
    dispose: () => clearTimeout(timer),
  };
}
