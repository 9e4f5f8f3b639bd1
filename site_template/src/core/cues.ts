// Captions in time.

/** One caption: seconds and words. */
export interface Cue {
  start_s: number;
  end_s: number;
  text: string;
}

/** Index of the cue spoken at `time_s`, or −1 in a pause. */
export function cueAt(cues: readonly Cue[], time_s: number): number {
  return cues.findIndex((cue) => time_s >= cue.start_s && time_s < cue.end_s);
}

/** Where to seek so that cue `index` is heard from its first word. */
export function startOf(cues: readonly Cue[], index: number): number | null {
  return cues[index]?.start_s ?? null;
}
