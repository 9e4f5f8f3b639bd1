// The light about a relic, made at run time: no picture of an environment has to be fetched.

import {
  BackSide, Color, DirectionalLight, DoubleSide, Group, HemisphereLight, Mesh, MeshBasicMaterial, PlaneGeometry, PMREMGenerator,
  Scene, SphereGeometry, type Texture, type WebGLRenderer,
} from 'three';

import { disposeTree } from './dispose.ts';
import type { Quality } from './renderer.ts';

/** A lit panel: where it hangs about the object (metres, the eye is at +Z), its size, colour and brightness. */
interface Softbox {
  at: [number, number, number];
  size: [number, number];
  color: string;
  brightness: number;
}

/** Key from the upper left, a weak cool fill from the right, two rims from behind, a soft one from above. */
const STUDIO: Softbox[] = [
  { at: [-3.2, 3.6, 3.4], size: [2.6, 2.6], color: '#ffe9cf', brightness: 15 },
  { at: [4.4, 1.2, 2.6], size: [3.2, 3.6], color: '#dbe6f5', brightness: 1.7 },
  { at: [3.4, 2.8, -3.8], size: [1.6, 3.2], color: '#fff1df', brightness: 9 },
  { at: [-4.2, 1.8, -3.2], size: [1.2, 3.0], color: '#e6eefb', brightness: 5 },
  { at: [0, 5.2, 0.4], size: [3.4, 2.6], color: '#fff4e6', brightness: 4.5 },
];

/** The gallery's light on a relic whose front is +Z: its lamp from above and before it, the bright hall around. */
const GALLERY: Softbox[] = [
  { at: [-1.5, 4.4, 2.9], size: [1.5, 1.5], color: '#ffe8cb', brightness: 48 },
  { at: [0.6, 5.2, -0.6], size: [5, 5], color: '#fff3e2', brightness: 1.6 },
  { at: [1.8, 1.6, 4.6], size: [4, 2.6], color: '#f3e9dc', brightness: 1.5 },
  { at: [3.6, 2.6, -3.4], size: [1.4, 2.4], color: '#ffedd6', brightness: 4 },
];

/** Panels, and the colours overhead and underfoot. */
const LIGHTS = {
  studio: { boxes: STUDIO, above: '#6d675f', below: '#3a332b' },
  gallery: { boxes: GALLERY, above: '#a59c8f', below: '#5b4e40' },
} as const;

/** Light on relics: reflections all round where the machine can, plain lamps in the scene where it cannot. */
export interface LightRig {
  environment: Texture | null;
  object3d: Group;
  dispose(): void;
}

/**
 * Make the light of a place for objects that face +Z.
 *
 * Prefiltering reflections takes a machine without a graphics card seconds, so `low` quality has none.
 */
export function createLightRig(renderer: WebGLRenderer, where: keyof typeof LIGHTS, quality: Quality): LightRig {
  const object3d = new Group();
  if (quality === 'full') {
    const environment = radiance(renderer, where);
    return { environment, object3d, dispose: () => environment.dispose() };
  }
  const key = new DirectionalLight('#ffe9cf', 2.2);
  key.position.set(-1.5, 3, 2.5);
  object3d.add(key, new HemisphereLight('#fff6ea', LIGHTS[where].below, 1.8));
  return { environment: null, object3d, dispose: () => key.dispose() };
}

/** Radiance about an object, prefiltered for reflections. */
function radiance(renderer: WebGLRenderer, where: keyof typeof LIGHTS): Texture {
  const { boxes, above, below } = LIGHTS[where];
  const scene = new Scene();
  scene.add(surroundings(above, below));
  for (const box of boxes) {
    const material = new MeshBasicMaterial({
      color: new Color(box.color).multiplyScalar(box.brightness),
      side: DoubleSide,
    });
    const panel = new Mesh(new PlaneGeometry(...box.size), material);
    panel.position.set(...box.at);
    panel.lookAt(0, 0, 0);
    scene.add(panel);
  }
  const generator = new PMREMGenerator(renderer);
  const { texture } = generator.fromScene(scene, 0.02, 0.1, 20);
  generator.dispose();
  scene.children.slice().forEach(disposeTree);
  return texture;
}

/** Walls that darken from a grey ceiling to a warm floor. */
function surroundings(above: string, below: string): Mesh {
  const geometry = new SphereGeometry(10, 32, 16);
  const heights = geometry.attributes.position!;
  const colors = new Float32Array(heights.count * 3);
  const top = new Color(above);
  const bottom = new Color(below);
  for (let index = 0; index < heights.count; index += 1) {
    const share = (heights.getY(index) / 10 + 1) / 2;
    bottom.clone().lerp(top, share).multiplyScalar(0.9).toArray(colors, index * 3);
  }
  geometry.setAttribute('color', heights.clone().copyArray(colors));
  return new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true, side: BackSide }));
}
