// What the visitor holds in VR: own simple shapes for controllers and hands, nothing is fetched, and a ray to point with.

import {
  BoxGeometry, BufferGeometry, CylinderGeometry, Float32BufferAttribute, Group, Line, LineBasicMaterial, Mesh, MeshBasicMaterial,
  SphereGeometry, Vector3, type WebGLRenderer, type XRTargetRaySpace,
} from 'three';

import type { Vector } from '../core/exhibition.ts';
import { disposeTree } from '../three/dispose.ts';

/** One of the two pointing devices of a headset; a tracked hand that pinches counts as one. */
export interface Hand {
  /** Null until the device is connected. */
  readonly source: XRInputSource | null;
  /** Where it is and where it points, in the room. */
  aim(): { origin: Vector; direction: Vector };
  /** Draw the ray so far, metres; 0 hides it. */
  showRay(length_m: number): void;
}

export interface HandEvents {
  press(hand: Hand): void;
  release(hand: Hand): void;
}

/** Put both hands into `rig`; returns how to take them out again. */
export function createHands(renderer: WebGLRenderer, rig: Group, color: string, events: HandEvents): { hands: Hand[]; dispose(): void } {
  const made = [0, 1].map((index) => createHand(renderer, index, rig, color, events));
  return { hands: made.map(({ hand }) => hand), dispose: () => made.forEach(({ dispose }) => dispose()) };
}

function createHand(renderer: WebGLRenderer, index: number, rig: Group, color: string, events: HandEvents): { hand: Hand; dispose(): void } {
  const pointer = renderer.xr.getController(index);
  const grip = renderer.xr.getControllerGrip(index);
  const ray = new Line(
    new BufferGeometry().setAttribute('position', new Float32BufferAttribute([0, 0, 0, 0, 0, -1], 3)),
    new LineBasicMaterial({ color, transparent: true, opacity: 0.75 }),
  );
  ray.visible = false;
  const shape = new Group();
  pointer.add(ray);
  grip.add(shape);
  rig.add(pointer, grip);

  let source: XRInputSource | null = null;
  const hand: Hand = {
    get source() { return source; },
    aim: () => aimOf(pointer),
    showRay: (length_m) => {
      ray.visible = length_m > 0;
      ray.scale.set(1, 1, Math.max(length_m, 1e-3));
    },
  };
  const connect = (event: { data: XRInputSource }): void => {
    source = event.data;
    shape.clear();
    shape.add(source.hand ? fingertip(color) : controllerShape(color));
  };
  const disconnect = (): void => {
    source = null;
    shape.clear();
    ray.visible = false;
  };
  const press = (): void => events.press(hand);
  const release = (): void => events.release(hand);
  pointer.addEventListener('connected', connect);
  pointer.addEventListener('disconnected', disconnect);
  pointer.addEventListener('selectstart', press);
  pointer.addEventListener('selectend', release);

  return {
    hand,
    dispose: () => {
      pointer.removeEventListener('connected', connect);
      pointer.removeEventListener('disconnected', disconnect);
      pointer.removeEventListener('selectstart', press);
      pointer.removeEventListener('selectend', release);
      ray.geometry.dispose();
      ray.material.dispose();
      pointer.remove(ray);
      disposeTree(shape);
      rig.remove(pointer, grip);
    },
  };
}

function aimOf(pointer: XRTargetRaySpace): { origin: Vector; direction: Vector } {
  pointer.updateWorldMatrix(true, false);
  const origin = new Vector3().setFromMatrixPosition(pointer.matrixWorld);
  const direction = new Vector3(0, 0, -1).transformDirection(pointer.matrixWorld);
  return { origin: origin.toArray() as Vector, direction: direction.toArray() as Vector };
}

/** A handle, a head and a ring of light: enough to see where one's hand is. */
function controllerShape(color: string): Group {
  const shape = new Group();
  const dark = new MeshBasicMaterial({ color: '#3a352f' });
  const handle = new Mesh(new BoxGeometry(0.028, 0.03, 0.1), dark);
  handle.position.set(0, -0.005, 0.03);
  const head = new Mesh(new CylinderGeometry(0.024, 0.028, 0.022, 16), dark);
  head.position.set(0, 0.006, -0.03);
  const ring = new Mesh(new CylinderGeometry(0.0245, 0.0245, 0.004, 16), new MeshBasicMaterial({ color }));
  ring.position.set(0, 0.018, -0.03);
  shape.add(handle, head, ring);
  return shape;
}

function fingertip(color: string): Mesh {
  return new Mesh(new SphereGeometry(0.012, 12, 8), new MeshBasicMaterial({ color }));
}
