// The viewer of a relic page, put together from its parts.

import type { WebGLRenderer } from 'three';

import type { ModelLevel, PlacedHotspot, PlacedRelic } from '../core/exhibition.ts';
import { planViewer } from '../core/levels.ts';
import { fitDistance, NAMED_VIEWS, nameView, orbitLimits, type OrbitView, viewOf } from '../core/orbit.ts';
import { sayView } from '../core/spoken.ts';
import { createViewerState } from '../core/viewer-state.ts';
import { inLanguage } from '../core/words.ts';
import { createModelLoader } from '../three/models.ts';
import { createRelicStage, FIELD_OF_VIEW_DEG } from '../three/relic-stage.ts';
import { LIGHT } from '../three/studio.ts';
import { fitRenderer, qualityOf } from '../three/renderer.ts';
import type { Announcer } from '../ui/announcer.ts';
import { element, wantsLessMotion } from '../ui/dom.ts';
import { createFrames } from '../ui/frames.ts';
import { createHotspots } from '../ui/hotspots.ts';
import { createOrbitInput } from '../ui/orbit-input.ts';
import { createViewerBar, type ViewerBarActions } from '../ui/viewer-bar.ts';
import type { View } from './alive.ts';
import { publishDebug } from './debug.ts';
import { createFromScan } from './from-scan.ts';
import { markFailed, markReady, type Page } from './page.ts';

interface Deps {
  /** Holds frame and controls; it is what goes full screen. */
  shell: HTMLElement;
  /** Holds the poster, and the canvas in its place. */
  frame: HTMLElement;
  /** Holds the status line, and the buttons before it. */
  controls: HTMLElement;
  announcer: Announcer;
  renderer: WebGLRenderer;
  page: Page;
  relic: PlacedRelic;
  languages: readonly string[];
}

const TURNTABLE_DEG_PER_S = 18;

export function createViewer({ shell, frame, controls, announcer, renderer, page, relic, languages }: Deps): View {
  const { say } = page;
  const inPageLanguage = (text: Record<string, string>): string => inLanguage(text, page.language, languages);
  const stopping = new AbortController();
  const { signal } = stopping;
  const loader = createModelLoader(renderer);
  const scene = createRelicStage(renderer, relic.size, new URL(LIGHT, page.document_url), qualityOf(location.href));
  const plan = planViewer(relic.levels);
  const from_scan = createFromScan({
    frame, section: document.querySelector<HTMLElement>('.from-scan'), scene, loader, relic, page, announcer, signal,
    changed: () => frames.request(),
  });

  let level: ModelLevel | null = null;
  let aspect = 1;
  let turns = false;

  const home = (): OrbitView => ({
    ...NAMED_VIEWS.front,
    yaw_deg: relic.front_deg,
    distance_m: fitDistance(relic.size, FIELD_OF_VIEW_DEG, aspect),
    target: [0, relic.size[1] / 2, 0],
  });
  const limits = () => orbitLimits(relic.size, fitDistance(relic.size, FIELD_OF_VIEW_DEG, aspect));
  const state = createViewerState(home(), limits());
  const spoken = (): string => sayView(say, nameView(state.goal, relic.front_deg));

  const moved = (): void => {
    announcer.sayLater(spoken());
    frames.request();
  };
  const setTurntable = (on: boolean): void => {
    turns = on && !wantsLessMotion();
    bar.setTurntable(turns);
    frames.request();
  };
  const actions: ViewerBarActions = {
    step: (step) => { setTurntable(false); state.step(step); moved(); },
    side: (name) => { setTurntable(false); state.side(name); moved(); },
    reset: () => { setTurntable(false); state.reset(); moved(); },
    turntable: setTurntable,
    fullscreen: () => void (document.fullscreenElement ? document.exitFullscreen() : shell.requestFullscreen()),
    finest: () => void showFinest(),
  };

  const bar = createViewerBar(say, actions, document.fullscreenEnabled);
  const visit = (spot: PlacedHotspot): void => {
    setTurntable(false);
    state.goTo(viewOf(spot.position, spot.normal, Math.hypot(...relic.size) * 0.9));
    const text = inPageLanguage(spot.text);
    announcer.say([inPageLanguage(spot.title), text].filter(Boolean).join('. '));
    frames.request();
  };
  const list = document.querySelector('ol.hotspots');
  const spots = createHotspots(relic.hotspots, list, (spot) => inPageLanguage(spot.title), visit);
  const hint = element('p', { class: 'viewer-hint', id: 'viewer-hint' }, say('viewer.hint'));
  const hint_touch = element('p', { class: 'viewer-hint is-touch', 'aria-hidden': 'true' }, say('viewer.hint_touch'));
  const stage = element('div', {
    class: 'viewer-stage', tabindex: '0', role: 'application', 'aria-roledescription': '3D',
    'aria-label': say('viewer.canvas', { title: inPageLanguage(relic.title) }), 'aria-describedby': hint.id,
  }, renderer.domElement, spots.element);
  const progress = element('progress', { class: 'viewer-progress', max: '1', value: '0', 'aria-label': say('viewer.loading') });
  const input = createOrbitInput(stage, actions);

  const resize = (): void => {
    aspect = Math.max(stage.clientWidth, 1) / Math.max(stage.clientHeight, 1);
    fitRenderer(renderer, stage.clientWidth, stage.clientHeight);
    state.refit(home(), limits());
    // Drawn at once: a canvas that changed its size is empty until it is drawn again.
    draw(0);
  };

  const draw = (dt_s: number): boolean => {
    if (!level) return false;
    if (turns) state.step({ kind: 'turn', yaw_deg: TURNTABLE_DEG_PER_S * dt_s, pitch_deg: 0 });
    const is_moving = state.advance(dt_s, wantsLessMotion());
    const goes_on = from_scan.advance(dt_s, wantsLessMotion()) || is_moving || turns;
    scene.look(state.shown, aspect);
    scene.render();
    spots.place((position, normal) => scene.locate(position, normal, !goes_on));
    return goes_on;
  };
  const frames = createFrames(draw);

  const showLevel = async (next: ModelLevel): Promise<void> => {
    if (next.url === level?.url) return;
    progress.hidden = false;
    try {
      const url = new URL(next.url, page.document_url).href;
      const model = await loader.load({ url, bytes: next.bytes }, signal, (share) => {
        progress.value = share;
      });
      await scene.show(model);
    } finally {
      progress.hidden = true;
    }
    level = next;
    frames.request();
  };

  const showFinest = async (): Promise<void> => {
    if (!plan?.finest) return;
    bar.offerFinest(null);
    announcer.say(say('viewer.loading'));
    await showLevel(plan.finest).then(
      () => announcer.say(say('viewer.finest_ready')),
      () => failed(),
    );
  };

  const failed = (): void => {
    if (signal.aborted) return;
    announcer.say(say('viewer.failed'));
    markFailed('model');
  };

  const start = async (): Promise<void> => {
    if (!plan) return failed();
    frame.append(stage, progress);
    publishDebug(renderer, () => frames.count, () => ({
      view: spoken(), yaw_deg: state.goal.yaw_deg, relic: relic.id, level: level?.name ?? null,
      stage: from_scan.shown,
    }));
    document.addEventListener('fullscreenchange', () => bar.setFullscreen(document.fullscreenElement === shell), { signal });
    announcer.say(say('viewer.loading'));
    try {
      await showLevel(plan.first);
      controls.prepend(bar.element, hint, hint_touch);
      frame.classList.add('is-live');
      from_scan.start();
      resize();
      const watcher = new ResizeObserver(resize);
      watcher.observe(stage);
      signal.addEventListener('abort', () => watcher.disconnect());
      await showLevel(plan.main);
    } catch {
      // A coarse model is better than none: only the first one's failure leaves the poster.
      failed();
      if (!level) stage.remove();
      return;
    }
    if (plan.finest) bar.offerFinest(plan.finest.bytes);
    announcer.say(say('viewer.ready', { view: spoken() }));
    draw(0);
    markReady('viewer');
  };

  const dispose = (): void => {
    stopping.abort();
    frames.dispose();
    input.dispose();
    spots.dispose();
    from_scan.dispose();
    announcer.dispose();
    scene.dispose();
    loader.dispose();
    renderer.dispose();
    [stage, progress, bar.element, hint, hint_touch].forEach((part) => part.remove());
    frame.classList.remove('is-live');
  };

  return { start, dispose };
}
