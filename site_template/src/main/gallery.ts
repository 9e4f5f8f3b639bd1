// The room, put together from its parts: walking, looking, choosing, reading.

import { Vector3, type WebGLRenderer } from 'three';

import type { ExhibitionDocument, PlacedRelic, Text } from '../core/exhibition.ts';
import { degrees, fieldOfView, radians } from '../core/orbit.ts';
import { EYE_M, relicAt, stanceBefore } from '../core/visit.ts';
import { createWalker, type Direction, type Stance } from '../core/walker.ts';
import { inLanguage } from '../core/words.ts';
import { fitRenderer, qualityOf } from '../three/renderer.ts';
import { createRoomScene } from '../three/room-scene.ts';
import type { Announcer } from '../ui/announcer.ts';
import { element, wantsLessMotion } from '../ui/dom.ts';
import { createFrames } from '../ui/frames.ts';
import { createRelicPanel } from '../ui/relic-panel.ts';
import { createRelicList, createRoomBar } from '../ui/room-bar.ts';
import { createWalkInput } from '../ui/walk-input.ts';
import type { View } from './alive.ts';
import { publishDebug } from './debug.ts';
import { createGalleryVr } from './gallery-vr.ts';
import { markReady, type Page } from './page.ts';
import { targetFinder } from './target.ts';

interface Deps {
  frame: HTMLElement;
  announcer: Announcer;
  renderer: WebGLRenderer;
  page: Page;
  exhibition: ExhibitionDocument;
  buttons: { enter: HTMLButtonElement | null; vr: HTMLButtonElement | null };
  /** Where the visitor stands when the room is shown; at the entrance if null. */
  stance: (() => Stance) | null;
}

/** The room that is shown. */
export interface Gallery extends View {
  readonly stance: Stance;
  /** The visitor is in the headset, reads a label or sees the room on the whole screen: nothing should change now. */
  isBusy(): boolean;
}

export function createGallery({ frame, announcer, renderer, page, exhibition, buttons, stance }: Deps): Gallery {
  const { say } = page;
  const { room, relics } = exhibition;
  const inPageLanguage = (text: Text): string => inLanguage(text, page.language, exhibition.languages);
  const stopping = new AbortController();
  const { signal } = stopping;
  const view = createRoomScene({
    renderer, exhibition, document_url: page.document_url, language: page.language, quality: qualityOf(location.href), say: inPageLanguage,
    changed: () => frames.request(),
  });
  const { scene, camera, rig, hall, highlight } = view;
  const entrance = { x: room.entrance[0], z: room.entrance[2], yaw_deg: room.entrance_yaw_deg, pitch_deg: 0 };
  const walker = createWalker(hall, entrance);
  let before: PlacedRelic | null = null;
  let chosen: PlacedRelic | null = null;

  let vr_frames = 0;

  const n_models = relics.filter(({ pending }) => !pending).length;

  const draw = (dt_s: number): boolean => {
    if (renderer.xr.isPresenting) return false;
    const goes_on = walker.advance(dt_s, wantsLessMotion());
    const { x, z, yaw_deg, pitch_deg } = walker.stance;
    rig.position.set(x, 0, z);
    rig.rotation.y = radians(yaw_deg);
    camera.position.set(0, EYE_M, 0);
    camera.rotation.set(radians(pitch_deg), 0, 0);
    view.relics.update(walker.stance);
    if (!goes_on) tellPlace();
    renderer.render(scene, camera);
    return goes_on;
  };
  const frames = createFrames(draw);

  const tellPlace = (): void => {
    const now = relicAt(relics, hall.obstacles, walker.stance);
    if (now === before) return;
    before = now;
    highlight.show(now);
    announcer.sayLater(now ? say('room.near', { title: inPageLanguage(now.title) }) : say('room.here'));
  };

  const panel = createRelicPanel(say, () => {
    chosen = null;
    stage.focus({ preventScroll: true });
  });
  const open = (relic: PlacedRelic): void => {
    chosen = relic;
    const narration = relic.narration[page.language];
    const linked = (address: string): string => new URL(address, page.document_url).href;
    panel.open({
      title: inPageLanguage(relic.title),
      label: inPageLanguage(relic.label),
      page_url: linked(inPageLanguage(relic.page)),
      audio_url: narration?.audio ? linked(narration.audio) : null,
    });
  };
  /** Go before a relic, say which, and read its label. */
  const visit = (relic: PlacedRelic): void => {
    walker.goTo(stanceBefore(relic, hall));
    before = relic;
    highlight.show(relic);
    announcer.say(say('room.at_relic', {
      number: relic.number, total: relics.length, title: inPageLanguage(relic.title), label: inPageLanguage(relic.label),
    }));
    open(relic);
    frames.request();
  };

  const targetAt = targetFinder(view, room, relics);
  const choose = (x: number, y: number): void => {
    const target = targetAt(x, y);
    if (target?.kind === 'relic') visit(target.relic);
    else if (target?.kind === 'floor' && walker.walkTo(target.spot)) frames.request();
    else announcer.say(say('room.blocked'));
  };
  const point = (place: { x: number; y: number } | null): void => {
    const target = place && targetAt(place.x, place.y);
    stage.classList.toggle('is-pointing', target?.kind === 'relic' || target?.kind === 'floor');
    highlight.show(target?.kind === 'relic' ? target.relic : before);
    frames.request();
  };
  const hold = (direction: Direction, on: boolean): void => {
    walker.hold(direction, on);
    frames.request();
  };

  const hint = element('p', { class: 'room-hint', id: 'room-hint' }, say('room.hint'));
  const stage = element('div', {
    class: 'room-stage', tabindex: '0', role: 'application', 'aria-roledescription': '3D',
    'aria-label': say('room.canvas'), 'aria-describedby': hint.id,
  }, renderer.domElement);
  const shell = element('div', { class: 'room-shell' });
  const fullscreen = document.fullscreenEnabled
    ? () => void (document.fullscreenElement ? document.exitFullscreen() : shell.requestFullscreen())
    : null;
  const bar = createRoomBar(say, hold, fullscreen);
  const list = createRelicList(say, relics.map((relic) => ({
    number: relic.number, title: inPageLanguage(relic.title), go: () => visit(relic),
  })));
  const input = createWalkInput(stage, {
    hold,
    look: (yaw_deg, pitch_deg) => { walker.look(yaw_deg, pitch_deg); frames.request(); },
    choose,
    point,
    open: () => { if (before) visit(before); },
    close: panel.close,
  });

  const vr = createGalleryVr({
    renderer, view, exhibition, page, walker, announcer, button: buttons.vr, say: inPageLanguage,
    chosen: (relic) => { chosen = relic; },
    returned: () => { chosen = null; resize(); },
    drawn: () => { vr_frames += 1; },
  });

  const resize = (): void => {
    if (renderer.xr.isPresenting) return;
    fitRenderer(renderer, stage.clientWidth, stage.clientHeight);
    camera.aspect = Math.max(stage.clientWidth, 1) / Math.max(stage.clientHeight, 1);
    camera.fov = fieldOfView(camera.aspect);
    camera.updateProjectionMatrix();
    draw(0);
  };

  let prepared: Promise<number> | null = null;
  const prepare = (): Promise<number> => (prepared ??= view.loadFirst());

  const start = async (): Promise<void> => {
    const n_failed = await prepare();
    if (signal.aborted) return;
    if (stance) walker.place(stance());
    frame.before(shell);
    frame.append(stage, panel.element);
    shell.append(frame, bar, hint, list);
    publishDebug(renderer, () => frames.count + vr_frames, () => ({
      head: camera.getWorldPosition(new Vector3()).toArray(),
      yaw_deg: renderer.xr.isPresenting ? degrees(rig.rotation.y) : walker.stance.yaw_deg,
      relic: chosen?.id ?? null,
      level: before ? view.relics.levelOf(before.id) : null,
    }));
    frame.classList.add('is-live');
    resize();
    const watcher = new ResizeObserver(resize);
    watcher.observe(stage);
    signal.addEventListener('abort', () => watcher.disconnect());
    announcer.say(say(n_failed === n_models && n_models > 0 ? 'room.failed' : 'room.ready'));
    offerEntry();
    await vr.offer();
    frames.request();
    markReady('room');
  };

  const offerEntry = (): void => {
    if (!buttons.enter) return;
    buttons.enter.hidden = false;
    buttons.enter.addEventListener('click', () => {
      frame.classList.add('is-entered');
      stage.focus();
      stage.scrollIntoView({ block: 'center', behavior: wantsLessMotion() ? 'auto' : 'smooth' });
      announcer.say(say('room.entered', { title: inPageLanguage(exhibition.title) }));
    }, { signal });
  };

  const dispose = (): void => {
    stopping.abort();
    frames.dispose();
    input.dispose();
    panel.dispose();
    vr.dispose();
    announcer.dispose();
    view.dispose();
    renderer.dispose();
    frame.classList.remove('is-live');
    [stage, bar, hint, list].forEach((part) => part.remove());
    shell.replaceWith(frame);
  };

  return {
    prepare,
    start,
    dispose,
    get stance() { return walker.stance; },
    isBusy: () => renderer.xr.isPresenting || panel.is_open || document.fullscreenElement !== null,
  };
}
