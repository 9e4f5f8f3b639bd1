// Buttons for everything that a drag, a wheel or a key does in the viewer: the usual ones in a row, the rest behind one.

import { NAMED_VIEWS, type ViewName } from '../core/orbit.ts';
import { STEPS, type StepName } from '../core/viewer-state.ts';
import type { Say, Word } from '../core/words.ts';
import { button, element } from './dom.ts';
import { icon, type IconName, redraw } from './icons.ts';
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

const TOOLS_ID = 'viewer-tools';
const TURNS = ['turn_left', 'turn_right', 'turn_up', 'turn_down'] as const satisfies readonly StepName[];
const MOVES = ['move_left', 'move_right', 'move_up', 'move_down'] as const satisfies readonly StepName[];

/** Make the bar; `can_fullscreen` is false where the browser has no full screen for elements (iPhones). */
export function createViewerBar(say: Say, actions: ViewerBarActions, can_fullscreen: boolean): ViewerBar {
  const named = (name: IconName, word: Word, act: () => void, attributes: Record<string, string | boolean> = {}) => {
    const text = element('span', {}, say(word));
    const drawing = icon(name);
    const made = button('', act, attributes);
    made.append(drawing, text);
    return { made, text, drawing };
  };
  const drawn = (name: StepName): HTMLButtonElement => {
    const label = say(`viewer.${name}`);
    const made = button('', () => actions.step(STEPS[name]), { 'aria-label': label, title: label });
    made.append(icon(name as IconName));
    return made;
  };
  const group = (word: Word, ...content: HTMLElement[]): HTMLElement => {
    const id = `viewer-${word.replace('viewer.', '')}`;
    return element('div', { class: 'viewer-group', role: 'group', 'aria-labelledby': id },
      element('span', { class: 'viewer-group-name', id }, say(word)), element('div', { class: 'viewer-group-buttons' }, ...content));
  };

  const reset = named('reset', 'viewer.reset', actions.reset).made;
  const turntable = named('turntable', 'viewer.turntable', () => {
    actions.turntable(turntable.getAttribute('aria-pressed') !== 'true');
  }, { 'aria-pressed': 'false' }).made;
  const zooms = (['nearer', 'farther'] as const).map((name) => named(name, `viewer.${name}`, () => actions.step(STEPS[name])).made);
  const fullscreen = named('fullscreen', 'viewer.fullscreen', actions.fullscreen, { hidden: !can_fullscreen });
  const more = named('more', 'viewer.more', () => open(tools.hidden !== false), { 'aria-expanded': 'false', 'aria-controls': TOOLS_ID, class: 'viewer-open' }).made;

  const finest = named('finest', 'viewer.finest', actions.finest);
  const detail = group('viewer.detail', finest.made);
  detail.hidden = true;
  const sides = (Object.keys(NAMED_VIEWS) as ViewName[]).map((name) => button(say(`view.${name}`), () => actions.side(name)));
  const tools = element('div', { class: 'viewer-tools', id: TOOLS_ID, hidden: true },
    group('viewer.views', ...sides), group('viewer.turn', ...TURNS.map(drawn)), group('viewer.move', ...MOVES.map(drawn)), detail);
  const open = (on: boolean): void => {
    tools.hidden = !on;
    more.setAttribute('aria-expanded', String(on));
  };
  tools.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open(false);
    more.focus();
  });

  return {
    element: element('div', { class: 'viewer-bar', role: 'group', 'aria-label': say('viewer.controls') },
      element('div', { class: 'viewer-row' }, reset, turntable, ...zooms, fullscreen.made, more), tools),
    offerFinest: (bytes) => {
      detail.hidden = bytes === null;
      if (bytes !== null) finest.text.textContent = say('viewer.finest', { megabytes: Math.max(0.1, bytes / 1e6).toFixed(1) });
    },
    setFullscreen: (on) => {
      fullscreen.text.textContent = say(on ? 'viewer.fullscreen_leave' : 'viewer.fullscreen');
      redraw(fullscreen.drawing, on ? 'fullscreen_leave' : 'fullscreen');
    },
    setTurntable: (on) => turntable.setAttribute('aria-pressed', String(on)),
  };
}
