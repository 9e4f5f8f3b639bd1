// The gallery: hall, plinths, labels, relics and the visitor's rig in one scene.

import { Color, Group, PerspectiveCamera, Scene, type WebGLRenderer } from 'three';

import type { ExhibitionDocument, PlacedRelic, Text } from '../core/exhibition.ts';
import { type Hall, hallOf } from '../core/hall.ts';
import { createHallView } from './hall.ts';
import { createHighlight, type Highlight } from './highlight.ts';
import { createLabels } from './labels.ts';
import { createModelLoader } from './models.ts';
import { createRoomRelics, type RoomRelics } from './room-relics.ts';
import type { Quality } from './renderer.ts';
import { createLightRig, LIGHT } from './studio.ts';
import { createWallTitle } from './wall-title.ts';

export interface RoomScene {
  scene: Scene;
  camera: PerspectiveCamera;
  /** Stands on the floor where the visitor stands; holds the camera and, in VR, the hands. */
  rig: Group;
  hall: Hall;
  relics: RoomRelics;
  highlight: Highlight;
  /** Resolves when the hall and every relic's coarse model are there, or have failed; tells how many relics failed. */
  loadFirst(): Promise<number>;
  dispose(): void;
}

interface Deps {
  renderer: WebGLRenderer;
  exhibition: ExhibitionDocument;
  document_url: URL;
  language: string;
  quality: Quality;
  /** `text` in the page's language. */
  say(text: Text): string;
  changed(): void;
}

export function createRoomScene({ renderer, exhibition, document_url, language, quality, say, changed }: Deps): RoomScene {
  const { room, relics: placed, languages } = exhibition;
  const hall = hallOf(room, placed);
  const scene = new Scene();
  scene.background = new Color(room.look.background);
  const camera = new PerspectiveCamera(62, 1, 0.05, 120);
  const rig = new Group();
  rig.add(camera);
  const anisotropy = Math.min(8, renderer.capabilities.getMaxAnisotropy());
  const other = languages.find((tag) => tag !== language) ?? language;
  const inOther = (text: Text): string => {
    const said = text[other] ?? '';
    return said === say(text) ? '' : said;
  };

  const light = createLightRig(renderer, new URL(LIGHT, document_url), quality);
  const loader = createModelLoader(renderer);
  const hall_view = createHallView(loader, room, document_url);
  const labelOf = (relic: PlacedRelic) => ({ title: say(relic.title), other_title: inOther(relic.title), language });
  const labels = createLabels(placed, labelOf, room.look, anisotropy);
  const title = createWallTitle(room, language, anisotropy, changed);
  const highlight = createHighlight(room.look);
  const relics = createRoomRelics({
    renderer, loader, scene, camera, light: light.environment, relics: placed, has_shadows: room.has_shadows, document_url, changed,
  });
  const parts = [light, hall_view, labels, title, highlight, relics];
  scene.add(rig, ...parts.map(({ object3d }) => object3d));

  return {
    scene, camera, rig, hall, relics, highlight,
    // A hall that does not come leaves the relics in the dark, but there.
    loadFirst: async () => (await Promise.all([relics.loadFirst(), hall_view.load().catch(() => undefined)]))[0],
    dispose: () => {
      parts.forEach((part) => part.dispose());
      loader.dispose();
    },
  };
}
