// Buttons for everything that a drag, a wheel or a key does in the viewer.

import { NAMED_VIEWS, type ViewName } from '../core/orbit.ts';
import { STEPS, type StepName } from '../core/viewer-state.ts';
import type { Say, Word } from '../core/words.ts';
import { button, element } from './dom.ts';
import type { OrbitActions } from './orbit-input.ts';

export interface ViewerBarActions extends OrbitActions {
  turntable(on: boolean): void;
  fullscreen(): void;
  finest(): void;
}

export interface ViewerBar {
  element: HTMLElement;
  /** Offer the finest model with its size, or take the offer away. */
  offerFinest(bytes: number | null): void;
  setFullscreen(on: boolean): void;
  setTurntable(on: boolean): void;
}

const GLYPHS: Readonly<Record<StepName, string>> = {
  turn_left: '↺', turn_right: '↻', turn_up: '⤒', turn_down: '⤓', nearer: '+', farther: '−',
  move_left: '←', move_right: '→', move_up: '↑', move_down: '↓',
};

/** Make the bar; `can_fullscreen` is false where the browser has no full screen for elements (iPhones). */
export function createViewerBar(say: Say, actions: ViewerBarActions, can_fullscreen: boolean): ViewerBar {
  const titled = (word: Word, glyph: string, act: () => void): HTMLButtonElement => {
    const label = say(word);
    return button(glyph, act, { 'aria-label': label, title: label, class: 'viewer-glyph' });
  };
  const steps = (Object.keys(STEPS) as StepName[]).map((name) =>
    titled(`viewer.${name}`, GLYPHS[name], () => actions.step(STEPS[name])),
  );
  const sides = (Object.keys(NAMED_VIEWS) as ViewName[]).map((name) =>
    button(say(`view.${name}`), () => actions.side(name)),
  );
  const turntable = button(say('viewer.turntable'), () => {
    actions.turntable(turntable.getAttribute('aria-pressed') !== 'true');
  }, { 'aria-pressed': 'false' });
  const finest = button('', actions.finest, { class: 'viewer-finest', hidden: true });
  const fullscreen = button(say('viewer.fullscreen'), actions.fullscreen, { hidden: !can_fullscreen });

  return {
    element: element('div', { class: 'viewer-bar', role: 'group', 'aria-label': say('viewer.controls') },
      element('span', { class: 'viewer-steps' }, ...steps),
      element('span', { class: 'viewer-sides', role: 'group', 'aria-label': say('viewer.views') }, ...sides),
      element('span', { class: 'viewer-more' },
        button(say('viewer.reset'), actions.reset), turntable, finest, fullscreen)),
    offerFinest: (bytes) => {
      finest.hidden = bytes === null;
      if (bytes !== null) finest.textContent = say('viewer.finest', { megabytes: Math.max(0.1, bytes / 1e6).toFixed(1) });
    },
    setFullscreen: (on) => {
      fullscreen.textContent = say(on ? 'viewer.fullscreen_leave' : 'viewer.fullscreen');
    },
    setTurntable: (on) => turntable.setAttribute('aria-pressed', String(on)),
  };
}
