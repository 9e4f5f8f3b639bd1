// The relics in the room: a picture first, the coarse model when it has come, the finer one for those who come near.

import {
  type Camera, Group, LinearFilter, type Material, Mesh, MeshStandardMaterial, type Scene, Sprite, SpriteMaterial, SRGBColorSpace,
  type Texture, TextureLoader, type WebGLRenderer,
} from 'three';

import type { ModelLevel, PlacedRelic } from '../core/exhibition.ts';
import type { Spot } from '../core/hall.ts';
import { chooseLevels } from '../core/levels.ts';
import { radians } from '../core/orbit.ts';
import { type ContactShadow, createContactShadow } from './contact.ts';
import { disposeTree } from './dispose.ts';
import { type Model, type ModelLoader, warmUp } from './models.ts';

interface Deps {
  renderer: WebGLRenderer;
  loader: ModelLoader;
  scene: Scene;
  camera: Camera;
  /** Light on a relic that faces +Z, if there is light from all round. */
  light: Promise<Texture | null>;
  relics: readonly PlacedRelic[];
  /** Their shadows are in the hall's light. */
  has_shadows: boolean;
  document_url: URL;
  /** Called when what is seen has changed. */
  changed(): void;
}

export interface RoomRelics {
  object3d: Group;
  /** Resolves when every relic's coarse model is there, or has failed; tells how many failed. */
  loadFirst(): Promise<number>;
  /** Choose models for an eye at `eye`. */
  update(eye: Spot): void;
  levelOf(id: string): string | null;
  dispose(): void;
}

interface Standing {
  relic: PlacedRelic;
  place: Group;
  poster: Sprite | null;
  shadow: ContactShadow | null;
  coarse: Model | null;
  fine: Model | null;
  shown: ModelLevel | null;
  is_loading: boolean;
}

const SHADOW_PX = 128;
/** Relics are the brightest things in the room. */
const LIGHT = 1.4;

export function createRoomRelics(deps: Deps): RoomRelics {
  const { renderer, loader, scene, camera, light, document_url, changed } = deps;
  const stopping = new AbortController();
  // A model that did not come is not asked for again and again.
  const failed = new Set<ModelLevel>();
  const object3d = new Group();
  const all = deps.relics.map(stand);
  object3d.add(...all.map(({ place }) => place));

  function stand(relic: PlacedRelic): Standing {
    const place = new Group();
    place.position.set(...relic.position);
    place.rotation.y = radians(relic.yaw_deg);
    const poster = relic.pending ? null : posterOf(relic, new URL(relic.poster, document_url).href, changed);
    if (poster) place.add(poster);
    return { relic, place, poster, shadow: null, coarse: null, fine: null, shown: null, is_loading: false };
  }

  const load = async (one: Standing, level: ModelLevel): Promise<void> => {
    one.is_loading = true;
    try {
      const url = new URL(level.url, document_url).href;
      const model = await loader.load({ url, bytes: level.bytes }, stopping.signal);
      lit(model, await light, one.relic.yaw_deg);
      await warmUp(renderer, model, camera, scene);
      if (stopping.signal.aborted) return model.dispose();
      put(one, level, model);
    } catch (error) {
      if (!stopping.signal.aborted) failed.add(level);
      throw error;
    } finally {
      one.is_loading = false;
    }
  };

  const put = (one: Standing, level: ModelLevel, model: Model): void => {
    if (one.poster) {
      disposeSprite(one.poster);
      one.poster = null;
    }
    if (one.coarse) {
      one.fine?.dispose();
      one.fine = model;
    } else {
      one.coarse = model;
      if (!deps.has_shadows) layShadow(one, model);
    }
    model.object3d.rotation.y = -radians(one.relic.front_deg);
    one.place.add(model.object3d);
    show(one, level);
  };

  const layShadow = (one: Standing, model: Model): void => {
    const across = Math.max(one.relic.size[0], one.relic.size[2]) * 2;
    one.shadow = createContactShadow(renderer, model.object3d, across, SHADOW_PX);
    one.place.add(one.shadow.object3d);
  };

  const show = (one: Standing, level: ModelLevel): void => {
    one.shown = level;
    if (one.coarse && one.fine) {
      const is_fine = one.fine.url === new URL(level.url, document_url).href;
      one.coarse.object3d.visible = !is_fine;
      one.fine.object3d.visible = is_fine;
    }
    changed();
  };

  const loadFirst = async (): Promise<number> => {
    const results = await Promise.allSettled(all.filter(({ relic }) => !relic.pending).map((one) => {
      const level = one.relic.levels[0];
      return level ? load(one, level) : Promise.reject(new Error('no model'));
    }));
    return results.filter(({ status }) => status === 'rejected').length;
  };

  const update = (eye: Spot): void => {
    const chosen = chooseLevels(all.filter(({ coarse }) => coarse).map(({ relic, shown }) => ({
      id: relic.id,
      distance_m: Math.hypot(relic.position[0] - eye.x, relic.position[2] - eye.z),
      reach_m: Math.max(...relic.size),
      levels: relic.levels,
      current: shown?.url ?? null,
    })));
    for (const one of all) {
      const level = chosen.get(one.relic.id);
      if (!level || level === one.shown || one.is_loading || failed.has(level)) continue;
      if (level === one.relic.levels[0]) {
        show(one, level);
        one.fine?.dispose();
        one.fine = null;
      } else void load(one, level).catch(() => undefined);
    }
  };

  return {
    object3d,
    loadFirst,
    update,
    levelOf: (id) => all.find(({ relic }) => relic.id === id)?.shown?.name ?? null,
    dispose: () => {
      stopping.abort();
      for (const one of all) {
        if (one.poster) disposeSprite(one.poster);
        one.shadow?.dispose();
        one.coarse?.dispose();
        one.fine?.dispose();
      }
      disposeTree(object3d);
    },
  };
}

/** Turn the light with the relic: its lamp hangs before its front, whichever way it faces. */
function lit(model: Model, light: Texture | null, yaw_deg: number): void {
  model.object3d.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.castShadow = false;
    node.receiveShadow = false;
    for (const material of [node.material].flat() as Material[]) {
      if (!(material instanceof MeshStandardMaterial)) continue;
      material.envMap = light;
      material.envMapRotation.y = radians(yaw_deg);
      material.envMapIntensity = LIGHT;
    }
  });
}

/** The poster stands in for the model until it has come. */
function posterOf(relic: PlacedRelic, url: string, changed: () => void): Sprite {
  const material = new SpriteMaterial({ transparent: true, depthWrite: false, toneMapped: false, visible: false });
  const sprite = new Sprite(material);
  new TextureLoader().load(url, (texture) => {
    texture.colorSpace = SRGBColorSpace;
    texture.minFilter = LinearFilter;
    texture.generateMipmaps = false;
    const { width, height } = texture.image as { width: number; height: number };
    const tall = Math.max(relic.size[1], (relic.size[0] * height) / width) * 1.15;
    sprite.scale.set((tall * width) / height, tall, 1);
    sprite.position.y = relic.size[1] / 2;
    material.map = texture;
    material.visible = true;
    material.needsUpdate = true;
    changed();
  }, undefined, () => undefined);
  return sprite;
}

function disposeSprite(sprite: Sprite): void {
  sprite.material.map?.dispose();
  sprite.material.dispose();
  sprite.removeFromParent();
}
