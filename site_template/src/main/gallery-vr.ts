// The way from the room page into the headset and back.

import type { WebGLRenderer } from 'three';

import type { ExhibitionDocument, PlacedRelic } from '../core/exhibition.ts';
import type { Walker } from '../core/walker.ts';
import type { RoomScene } from '../three/room-scene.ts';
import type { Announcer } from '../ui/announcer.ts';
import { element } from '../ui/dom.ts';
import { createVrSession, whyNoVr } from '../xr/session.ts';
import { createVrVisit } from '../xr/visit.ts';
import type { Page } from './page.ts';

interface Deps {
  renderer: WebGLRenderer;
  view: RoomScene;
  exhibition: ExhibitionDocument;
  page: Page;
  walker: Walker;
  announcer: Announcer;
  button: HTMLButtonElement | null;
  say(text: Readonly<Record<string, string>>): string;
  chosen(relic: PlacedRelic | null): void;
  /** The page draws again. */
  returned(): void;
  /** A frame of the headset was drawn. */
  drawn(): void;
}

const SNAP_TURN_DEG = 30;

export function createGalleryVr(deps: Deps): { offer(): Promise<void>; dispose(): void } {
  const { renderer, view, exhibition, page, walker, announcer, button, say } = deps;
  const listening = new AbortController();
  const asked_turn = Number(new URL(location.href).searchParams.get('turn'));

  const visit = createVrVisit({
    renderer, scene: view.scene, camera: view.camera, rig: view.rig, hall: view.hall,
    room: exhibition.room, relics: exhibition.relics, highlight: view.highlight,
    textOf: (relic) => ({ title: say(relic.title), body: say(relic.label), language: page.language }),
    welcome: { title: say(exhibition.title), body: page.say('vr.hint'), language: page.language },
    words: { close: page.say('vr.close'), leave: page.say('vr.leave') },
    turn_deg: asked_turn >= 10 && asked_turn <= 90 ? asked_turn : SNAP_TURN_DEG,
    chosen: deps.chosen,
    leave: () => void session.leave(),
  });
  const session = createVrSession(renderer, {
    started: () => {
      visit.begin(walker.stance);
      if (button) button.textContent = page.say('vr.leave');
      announcer.say(page.say('vr.entered'));
    },
    ended: () => {
      walker.place(visit.stance());
      visit.end();
      if (button) button.textContent = page.say('vr.enter');
      announcer.say(page.say('vr.ended'));
      deps.returned();
    },
    failed: () => announcer.say(page.say('vr.failed')),
    frame: () => {
      visit.update();
      view.relics.update(visit.stance());
      renderer.render(view.scene, view.camera);
      deps.drawn();
    },
  });

  const offer = async (): Promise<void> => {
    if (!button) return;
    const obstacle = await whyNoVr();
    button.hidden = false;
    button.disabled = obstacle !== null;
    if (obstacle) {
      const note = element('span', { class: 'vr-note', id: 'vr-note' }, page.say(obstacle));
      button.setAttribute('aria-describedby', note.id);
      button.after(' ', note);
      listening.signal.addEventListener('abort', () => note.remove());
    }
    const toggle = (): void => void (renderer.xr.isPresenting ? session.leave() : session.enter());
    button.addEventListener('click', toggle, { signal: listening.signal });
  };

  return {
    offer,
    dispose: () => {
      listening.abort();
      session.dispose();
      visit.dispose();
    },
  };
}
