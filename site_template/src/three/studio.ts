// The light about a relic: what reached it in a lit hall, as a picture that the build worked out (relic_light.py).

import {
  DirectionalLight, EquirectangularReflectionMapping, Group, HemisphereLight, PMREMGenerator, type Texture, type WebGLRenderer,
} from 'three';
import { HDRLoader } from 'three/addons/loaders/HDRLoader.js';

import type { Quality } from './renderer.ts';

/** Where the picture is, from the site's root. */
export const LIGHT = 'static/light.hdr';

/** Light on relics: reflections all round where the machine can, plain lamps in the scene where it cannot. */
export interface LightRig {
  /** Prefiltered light about a relic that faces +Z; null where there are lamps instead. */
  environment: Promise<Texture | null>;
  object3d: Group;
  dispose(): void;
}

/**
 * Make the light for relics that face +Z.
 *
 * Prefiltering reflections takes a machine without a graphics card seconds, so `low` quality has lamps.
 */
export function createLightRig(renderer: WebGLRenderer, url: URL, quality: Quality): LightRig {
  const object3d = new Group();
  let made: Texture | null = null;
  let is_disposed = false;
  const hang = (): null => {
    const key = new DirectionalLight('#ffe9cf', 2.2);
    key.position.set(-1.5, 3, 2.5);
    object3d.add(key, new HemisphereLight('#fff6ea', '#5b4e40', 1.8));
    return null;
  };
  const filter = async (): Promise<Texture | null> => {
    const picture = await new HDRLoader().loadAsync(url.href).catch(() => null);
    if (is_disposed || !picture) return picture ? null : hang();
    picture.mapping = EquirectangularReflectionMapping;
    const generator = new PMREMGenerator(renderer);
    made = generator.fromEquirectangular(picture).texture;
    generator.dispose();
    picture.dispose();
    return made;
  };
  return {
    environment: quality === 'full' ? filter() : Promise.resolve(hang()),
    object3d,
    dispose: () => {
      is_disposed = true;
      made?.dispose();
    },
  };
}
