// The slider from scan to relic, and the words and figures of the stop it is nearest to.

import { between, FINISHED, type Gait, type Stage, STAGES } from '../core/stages.ts';
import type { Say } from '../core/words.ts';
import { button, element } from './dom.ts';
import './stage-slider.css';

export interface StageSlider {
  /** Goes below the picture, inside the viewer's frame. */
  element: HTMLElement;
  /** Show `value` as the slider's own, in numbers and words. */
  set(value: number): void;
  setBusy(on: boolean): void;
  dispose(): void;
}

export interface StageSliderActions {
  /** The visitor wants `value`. */
  aim(value: number, gait: Gait): void;
  /** Show the whole way by itself; null where the visitor wants no such motion. */
  play: (() => void) | null;
  /** The visitor comes near: the points may be wanted. */
  near(): void;
}

const PARTS = 100;
const STEP = 10;
/** So near to a stop, a released slider goes on to it. */
const CATCH = 0.14;

/**
 * Make the slider of `section`, the page's block of pictures and figures, which it turns into the figures of one stop.
 *
 * Null where the page has no such block.
 */
export function createStageSlider(section: HTMLElement, say: Say, actions: StageSliderActions): StageSlider | null {
  const stops = new Map<Stage, HTMLElement>();
  for (const item of section.querySelectorAll<HTMLElement>('[data-stage]')) {
    const stage = STAGES.find((one) => one === item.dataset.stage);
    if (stage) stops.set(stage, item);
  }
  const first = STAGES.findIndex((stage) => stops.has(stage));
  if (first < 0 || stops.size < 2) return null;
  const nameOf = (stage: Stage): string => stops.get(stage)?.querySelector('.from-scan-name')?.textContent ?? stage;
  const lossOf = (stage: Stage, part: string): string => stops.get(stage)?.querySelector(`.from-scan-loss-${part}`)?.textContent ?? '';

  const range = element('input', {
    type: 'range', class: 'stage-range', min: String(first * PARTS), max: String(FINISHED * PARTS), step: '1',
    'aria-label': say('stage.label'),
  });
  const ticks = STAGES.slice(first).map((stage) => {
    const tick = button(nameOf(stage), () => actions.aim(STAGES.indexOf(stage), 'run'), { class: 'stage-tick', 'data-stage': stage, tabindex: '-1' });
    return tick;
  });
  const loss_value = element('strong', { class: 'stage-loss-value' });
  const loss_note = element('span', { class: 'stage-loss-note' });
  const loss = element('p', { class: 'stage-loss' },
    element('span', { class: 'stage-loss-name' }, lossOf('form', 'name')), loss_value, loss_note);
  const busy = element('span', { class: 'stage-busy', hidden: true }, say('stage.loading'));
  const { play } = actions;
  const watch = button('', () => play?.(), { class: 'stage-play', 'aria-label': say('stage.play'), title: say('stage.play'), hidden: !play });
  const made = element('div', { class: 'stage-slider' }, watch,
    element('div', { class: 'stage-track' }, range, element('div', { class: 'stage-ticks' }, ...ticks)), loss, busy);
  const stopping = new AbortController();
  const { signal } = stopping;

  let value = FINISHED;
  const words = (): string => {
    const { from, to, share } = between(value);
    if (share < 0.01) return nameOf(from);
    if (share > 0.99) return nameOf(to);
    return say('stage.between', { percent: Math.round(share * 100), from: nameOf(from), to: nameOf(to) });
  };
  const set = (next: number): void => {
    value = next;
    const number = String(Math.round(next * PARTS));
    if (range.value !== number) range.value = number;
    range.setAttribute('aria-valuetext', words());
    made.style.setProperty('--stage', String((next - first) / (FINISHED - first)));
    const current = STAGES[Math.max(first, Math.round(next))]!;
    for (const tick of ticks) tick.classList.toggle('is-current', tick.dataset.stage === current);
    for (const [stage, item] of stops) item.classList.toggle('is-current', stage === current);
    loss_value.textContent = lossOf(current, 'value');
    loss_note.textContent = lossOf(current, 'note');
  };
  const aim = (next: number, gait: Gait): void => {
    const wanted = Math.min(FINISHED, Math.max(first, next));
    set(wanted);
    actions.aim(wanted, gait);
  };

  range.addEventListener('input', () => aim(Number(range.value) / PARTS, 'follow'), { signal });
  range.addEventListener('change', () => {
    const stop = Math.round(value);
    if (value !== stop && Math.abs(value - stop) < CATCH) aim(stop, 'run');
  }, { signal });
  range.addEventListener('keydown', (event) => {
    const steps: Record<string, number> = {
      ArrowLeft: value - STEP / PARTS, ArrowDown: value - STEP / PARTS, ArrowRight: value + STEP / PARTS,
      ArrowUp: value + STEP / PARTS, PageDown: Math.ceil(value) - 1, PageUp: Math.floor(value) + 1, Home: first, End: FINISHED,
    };
    const next = steps[event.key];
    if (next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    aim(Math.round(next * PARTS) / PARTS, 'run');
  }, { signal });
  for (const kind of ['pointerenter', 'pointerdown', 'focusin'] as const) {
    made.addEventListener(kind, actions.near, { signal });
  }
  section.classList.add('is-live');
  set(FINISHED);

  return {
    element: made,
    set,
    setBusy: (on) => { busy.hidden = !on; },
    dispose: () => {
      stopping.abort();
      made.remove();
      section.classList.remove('is-live');
    },
  };
}
