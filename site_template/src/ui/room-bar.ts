// Buttons for walking, and the way from relic to relic without a pointer.

import type { Direction } from '../core/walker.ts';
import type { Say, Word } from '../core/words.ts';
import { button, element } from './dom.ts';

const MOVES: readonly [Direction, Word, string][] = [
  ['turn_left', 'room.turn_left', '↺'], ['forward', 'room.forward', '↑'],
  ['backward', 'room.backward', '↓'], ['turn_right', 'room.turn_right', '↻'],
];
/** A press from the keyboard has no length, so it moves for this long. */
const PRESS_MS = 350;

export function createRoomBar(say: Say, hold: (direction: Direction, on: boolean) => void, fullscreen: (() => void) | null): HTMLElement {
  const moves = MOVES.map(([direction, word, glyph]) => {
    const label = say(word);
    const made = element('button', { type: 'button', 'aria-label': label, title: label }, glyph);
    made.addEventListener('pointerdown', (event) => {
      made.setPointerCapture(event.pointerId);
      hold(direction, true);
    });
    for (const end of ['pointerup', 'pointercancel'] as const) made.addEventListener(end, () => hold(direction, false));
    made.addEventListener('click', (event) => {
      if (event.detail !== 0) return;
      hold(direction, true);
      setTimeout(() => hold(direction, false), PRESS_MS);
    });
    return made;
  });
  const full = fullscreen ? [button(say('viewer.fullscreen'), fullscreen)] : [];
  return element('div', { class: 'room-bar', role: 'group', 'aria-label': say('room.controls') }, ...moves, ...full);
}

/** A list of buttons, one per relic, in the order of a visit. */
export function createRelicList(say: Say, relics: readonly { number: number; title: string; go: () => void }[]): HTMLElement {
  const items = relics.map(({ number, title, go }) => element('li', {}, button(say('room.go_to', { number, title }), go)));
  return element('nav', { class: 'room-relics', 'aria-label': say('room.relics') }, element('ol', {}, ...items));
}
