// What the label of a relic says, beside the room.

import { button, element } from './dom.ts';
import type { Say } from '../core/words.ts';

export interface PanelContent {
  title: string;
  label: string;
  page_url: string;
  audio_url: string | null;
}

export interface RelicPanel {
  element: HTMLElement;
  readonly is_open: boolean;
  /** Show it and move the focus there. */
  open(content: PanelContent): void;
  close(): void;
  dispose(): void;
}

export function createRelicPanel(say: Say, closed: () => void): RelicPanel {
  const listening = new AbortController();
  const panel = element('div', { class: 'room-panel', role: 'region', 'aria-label': say('room.panel'), tabindex: '-1', hidden: true });
  let audio: HTMLAudioElement | null = null;

  const silence = (): void => {
    audio?.pause();
    audio = null;
  };
  const close = (): void => {
    if (panel.hidden) return;
    silence();
    panel.hidden = true;
    closed();
  };
  const playButton = (url: string): HTMLButtonElement => {
    const voice = new Audio();
    voice.preload = 'none';
    voice.src = url;
    audio = voice;
    const toggle = (): void => {
      // A pause before the first sound is heard refuses the promise of play(): that is no fault.
      if (voice.paused) void voice.play().catch(() => undefined);
      else voice.pause();
    };
    const made = button(say('room.play'), toggle);
    const name = (): void => {
      made.textContent = say(voice.paused ? 'room.play' : 'room.pause');
    };
    for (const event of ['play', 'pause', 'ended'] as const) voice.addEventListener(event, name);
    return made;
  };
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  }, { signal: listening.signal });

  return {
    element: panel,
    get is_open() { return !panel.hidden; },
    open: ({ title, label, page_url, audio_url }) => {
      silence();
      panel.replaceChildren(
        element('h2', {}, title),
        ...label.split(/\n\s*\n/).filter(Boolean).map((paragraph) => element('p', {}, paragraph)),
        element('p', { class: 'room-panel-actions' },
          element('a', { href: page_url }, say('room.open_page')),
          ...(audio_url ? [playButton(audio_url)] : []),
          button(say('room.close'), close)),
      );
      panel.hidden = false;
      panel.focus({ preventScroll: true });
    },
    close,
    dispose: () => {
      silence();
      listening.abort();
      panel.remove();
    },
  };
}
