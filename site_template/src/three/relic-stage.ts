// One relic under studio light: what the viewer of a relic page draws.

import {
  DirectionalLight, Group, Object3D, PerspectiveCamera, Raycaster, Scene, Vector2, Vector3, type WebGLRenderer,
} from 'three';

import type { Vector } from '../core/exhibition.ts';
import { type OrbitView, radians } from '../core/orbit.ts';
import { changesAt, FINISHED } from '../core/stages.ts';
import { type ContactShadow, createContactShadow } from './contact.ts';
import { createFromScan } from './from-scan.ts';
import { type Model, warmUp } from './models.ts';
import type { Quality } from './renderer.ts';
import { createLightRig } from './studio.ts';

/** Where a point of the relic is on the canvas, in shares of its width and height from the upper left corner. */
export interface Seen {
  x: number;
  y: number;
  is_visible: boolean;
}

export interface RelicStage {
  camera: PerspectiveCamera;
  /** Take over `model`; what was shown before is freed. Resolves once showing it costs no time. */
  show(model: Model): Promise<void>;
  /** Take over the scan's raw points, to be shown by `setStage`. */
  showPoints(cloud: Model): void;
  /** How far from scan (0) to finished relic (2) is shown, see core/stages.ts. */
  setStage(value: number): void;
  look(view: OrbitView, aspect: number): void;
  /** `is_visible` takes the surface in between into account only with `checks_cover`, which costs a ray. */
  locate(position: Vector, normal: Vector, checks_cover: boolean): Seen;
  render(): void;
  dispose(): void;
}

export const FIELD_OF_VIEW_DEG = 28;

/** Make the stage for a relic of `size` metres whose base centre is the origin. */
export function createRelicStage(renderer: WebGLRenderer, size: Vector, light_url: URL, quality: Quality): RelicStage {
  const scene = new Scene();
  const reach = Math.hypot(...size);
  const studio = createLightRig(renderer, light_url, quality);
  scene.environmentIntensity = 0.85;
  const camera = new PerspectiveCamera(FIELD_OF_VIEW_DEG, 1, reach / 100, reach * 20);
  const key = keyLight(reach, size);
  // The relic turns under fixed lights, as on a photographer's turntable: every side is well lit.
  const turntable = new Group();
  scene.add(key, key.target, studio.object3d, turntable);

  const from_scan = createFromScan(renderer, size);
  let stage = FINISHED;
  let cloud: Model | null = null;
  let model: Model | null = null;
  let shadow: ContactShadow | null = null;
  let turned = Number.NaN;
  const rays = new Raycaster();

  const show = async (next: Model): Promise<void> => {
    from_scan.prepare(next.object3d);
    scene.environment = await studio.environment;
    await warmUp(renderer, next, camera, scene);
    model?.dispose();
    shadow?.dispose();
    model = next;
    shadow = createContactShadow(renderer, next.object3d, Math.max(size[0], size[2]) * 2.2);
    turntable.add(next.object3d, shadow.object3d);
    turned = Number.NaN;
  };

  const showPoints = (next: Model): void => {
    cloud = next;
    from_scan.dress(next.object3d);
    turntable.add(next.object3d);
  };

  const look = (view: OrbitView, aspect: number): void => {
    turntable.rotation.y = -radians(view.yaw_deg);
    renderer.shadowMap.needsUpdate ||= turned !== view.yaw_deg;
    turned = view.yaw_deg;
    turntable.updateMatrixWorld(true);
    const target = turntable.localToWorld(new Vector3(...view.target));
    const pitch = radians(view.pitch_deg);
    camera.position
      .set(0, Math.sin(pitch), Math.cos(pitch))
      .multiplyScalar(view.distance_m)
      .add(target);
    camera.lookAt(target);
    camera.aspect = aspect;
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  };

  const locate = (position: Vector, normal: Vector, checks_cover: boolean): Seen => {
    const point = turntable.localToWorld(new Vector3(...position));
    const outward = new Vector3(...normal).transformDirection(turntable.matrixWorld);
    const to_eye = camera.position.clone().sub(point);
    const screen = point.clone().project(camera);
    const is_inside = Math.abs(screen.x) < 1 && Math.abs(screen.y) < 1;
    const faces = outward.dot(to_eye) > 0;
    return {
      x: (screen.x + 1) / 2,
      y: (1 - screen.y) / 2,
      is_visible: faces && is_inside && !(checks_cover && isCovered(screen, to_eye.length())),
    };
  };

  const isCovered = (screen: Vector3, distance: number): boolean => {
    if (!model) return false;
    rays.setFromCamera(new Vector2(screen.x, screen.y), camera);
    const hit = rays.intersectObject(model.object3d, true)[0];
    return hit !== undefined && hit.distance < distance - reach * 0.03;
  };

  return {
    camera,
    show,
    showPoints,
    setStage: (value) => { stage = value; },
    look,
    locate,
    render: () => {
      from_scan.place(stage, turntable, camera);
      // a cloud casts no shadow: it comes with the form
      shadow?.setStrength(changesAt(stage).formed);
      renderer.render(scene, camera);
    },
    dispose: () => {
      from_scan.dispose();
      cloud?.dispose();
      model?.dispose();
      shadow?.dispose();
      key.dispose();
      studio.dispose();
    },
  };
}

/** The lamp that casts the shadows of the relic upon itself. */
function keyLight(reach: number, size: Vector): DirectionalLight {
  const light = new DirectionalLight('#fff0dc', 1.5);
  light.target = new Object3D();
  light.target.position.set(0, size[1] / 2, 0);
  // Where the brightest lamp of the picture hangs.
  light.position.set(-0.95, 1.75, 1.05).multiplyScalar(reach).add(light.target.position);
  light.castShadow = true;
  light.shadow.mapSize.set(1024, 1024);
  light.shadow.radius = 4;
  light.shadow.normalBias = reach * 0.004;
  light.shadow.bias = -0.0004;
  const half = reach * 0.62;
  Object.assign(light.shadow.camera, { left: -half, right: half, top: half, bottom: -half, near: reach * 0.5, far: reach * 4.5 });
  return light;
}
