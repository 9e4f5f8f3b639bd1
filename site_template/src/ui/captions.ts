// Captions and transcript in step with a narration: an <audio> element draws no captions by itself.

import { type Cue, cueAt, startOf } from '../core/cues.ts';

/** Bind the audio, captions and transcript inside `narration`; returns how to let go. */
export function createCaptions(narration: HTMLElement): { dispose(): void } {
  const listening = new AbortController();
  const { signal } = listening;
  const audio = narration.querySelector('audio');
  if (!audio) return { dispose: () => listening.abort() };
  const line = narration.querySelector<HTMLElement>('.captions');
  const sentences = [...narration.querySelectorAll<HTMLElement>('.transcript [data-cue]')];
  const timed = cuesIn(sentences);
  let cues: readonly Cue[] = timed;
  let shown = -1;

  const show = (): void => {
    const index = audio.currentTime > 0 || !audio.paused ? cueAt(cues, audio.currentTime) : -1;
    if (index === shown) return;
    shown = index;
    if (line) line.textContent = cues[index]?.text ?? '';
    for (const sentence of sentences) {
      const is_current = Number(sentence.dataset.cue) === index;
      sentence.classList.toggle('is-current', is_current);
    }
  };

  const element = narration.querySelector('track');
  if (element) {
    // Hidden, not showing: the browser then loads the cues and tells when they change, and the page draws them.
    element.track.mode = 'hidden';
    const take = (): void => {
      if (element.track.cues?.length) cues = [...element.track.cues].map(plainCue);
      show();
    };
    if (element.readyState === HTMLTrackElement.LOADED) take();
    element.addEventListener('load', take, { signal });
    element.track.addEventListener('cuechange', show, { signal });
  }
  for (const event of ['timeupdate', 'seeked', 'play'] as const) audio.addEventListener(event, show, { signal });

  for (const sentence of sentences) {
    sentence.addEventListener('click', () => {
      const start = startOf(cues, Number(sentence.dataset.cue));
      if (start !== null) audio.currentTime = start;
    }, { signal });
  }

  // Who hears the voice should not hear the captions over it; who has muted it may want them read.
  const setLive = (): void => line?.setAttribute('aria-live', audio.muted || audio.volume === 0 ? 'polite' : 'off');
  audio.addEventListener('volumechange', setLive, { signal });
  setLive();
  return { dispose: () => listening.abort() };
}

/** Let only one narration of the page speak at a time. */
export function letOneSpeak(audios: readonly HTMLAudioElement[]): void {
  for (const audio of audios) {
    audio.addEventListener('play', () => {
      for (const other of audios) if (other !== audio) other.pause();
    });
  }
}

function plainCue(cue: TextTrackCue): Cue {
  const text = cue instanceof VTTCue ? (cue.getCueAsHTML().textContent ?? '') : '';
  return { start_s: cue.startTime, end_s: cue.endTime, text };
}

/** Cues from the transcript's own `data-start` and `data-end`, for browsers that block the track. */
function cuesIn(sentences: readonly HTMLElement[]): Cue[] {
  return sentences
    .filter((sentence) => sentence.dataset.start !== undefined)
    .map((sentence) => ({
      start_s: Number(sentence.dataset.start),
      end_s: Number(sentence.dataset.end ?? sentence.dataset.start),
      text: sentence.textContent?.trim() ?? '',
    }));
}
