// From scan to relic in the viewer: the slider, the points behind it, and when they are fetched.

import type { PlacedRelic } from '../core/exhibition.ts';
import { changesAt, createStageState, FINISHED, type Gait, stageInHash, STAGES } from '../core/stages.ts';
import type { ModelLoader } from '../three/models.ts';
import type { RelicStage } from '../three/relic-stage.ts';
import type { Announcer } from '../ui/announcer.ts';
import { wantsLessMotion } from '../ui/dom.ts';
import { createStageSlider, type StageSlider } from '../ui/stage-slider.ts';
import type { Page } from './page.ts';

interface Deps {
  frame: HTMLElement;
  /** The page's block with the figures of each stop; null where the relic has none. */
  section: HTMLElement | null;
  scene: RelicStage;
  loader: ModelLoader;
  relic: PlacedRelic;
  page: Page;
  announcer: Announcer;
  signal: AbortSignal;
  /** Something moved: draw. */
  changed(): void;
}

export interface FromScanView {
  readonly shown: number;
  /** Put the slider into the frame, and show what the address asks for. */
  start(): void;
  /** Move on by `dt_s` and hand it to the scene; true while there is more to come. */
  advance(dt_s: number, at_once: boolean): boolean;
  dispose(): void;
}

export function createFromScan(deps: Deps): FromScanView {
  const { frame, section, scene, loader, relic, page, announcer, signal, changed } = deps;
  const state = createStageState();
  let slider: StageSlider | null = null;
  let fetching: Promise<void> | null = null;
  let is_fetching = false;
  let is_playing = false;

  const fetchPoints = async (): Promise<void> => {
    if (!relic.points) return;
    is_fetching = true;
    try {
      const url = new URL(relic.points.url, page.document_url).href;
      scene.showPoints(await loader.load({ url, bytes: relic.points.bytes }, signal));
      state.limit(0);
      changed();
    } catch {
      if (signal.aborted) return;
      announcer.say(page.say('stage.failed'));
      is_playing = false;
      if (state.goal < 1) aim(1, 'run');
      slider?.set(Math.max(1, state.goal));
    } finally {
      is_fetching = false;
      slider?.setBusy(false);
    }
  };
  const near = (): Promise<void> => (fetching ??= fetchPoints());
  const aim = (value: number, gait: Gait): void => {
    if (value < 1) void near();
    slider?.setBusy(is_fetching && value < 1);
    state.aim(value, gait);
    changed();
  };
  const play = async (): Promise<void> => {
    is_playing = true;
    const coming = near();
    slider?.setBusy(is_fetching);
    await coming;
    // the visitor may have taken the slider meanwhile
    if (!is_playing || signal.aborted) return;
    state.replay(relic.points ? 0 : 1, FINISHED);
    changed();
  };
  const follow = (): void => {
    const asked = stageInHash(location.hash);
    if (!asked || !slider) return;
    const value = STAGES.indexOf(asked);
    slider.set(value);
    aim(value, 'run');
  };

  return {
    get shown() { return state.shown; },
    start: () => {
      if (!section || slider) return;
      slider = createStageSlider(section, page.say, {
        near: () => void near(),
        aim: (value, gait) => {
          is_playing = false;
          slider?.set(value);
          aim(value, gait);
        },
        play: wantsLessMotion() ? null : () => void play(),
      });
      if (!slider) return;
      frame.append(slider.element);
      frame.classList.add('has-stages');
      frame.parentElement?.append(section);
      addEventListener('hashchange', follow, { signal });
      follow();
    },
    advance: (dt_s, at_once) => {
      const goes_on = state.advance(dt_s, at_once);
      scene.setStage(state.shown);
      if (is_playing && !is_fetching) {
        slider?.set(state.shown);
        is_playing = goes_on;
      }
      frame.style.setProperty('--unformed', String(1 - changesAt(state.shown).formed));
      frame.dataset.stage = STAGES[Math.round(state.shown)]!;
      return goes_on;
    },
    dispose: () => {
      slider?.dispose();
      frame.classList.remove('has-stages');
      delete frame.dataset.stage;
    },
  };
}
