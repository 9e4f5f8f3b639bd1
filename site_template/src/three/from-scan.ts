// From scan to relic on the canvas: a front sweeps across the picture; before it points, behind it clay, then colour.

import {
  Box3, type BufferGeometry, type Material, Mesh, type Object3D, type PerspectiveCamera, Points, type ShaderMaterial, Vector3,
  type WebGLRenderer,
} from 'three';

import type { Vector } from '../core/exhibition.ts';
import { changesAt } from '../core/stages.ts';
import { cloudMaterial, createSweep, DEPTH, LEAN, mould } from './from-scan-materials.ts';

export interface FromScan {
  /** Let the materials of a model turn to clay and come and go behind the front; before they are compiled. */
  prepare(model: Object3D): void;
  /** Draw the points in `tree` as a cloud, instead of as its file says; they are hidden until they are wanted. */
  dress(tree: Object3D): void;
  /** Show `value` (see core/stages.ts) as `camera` sees it; `root` holds model and points. */
  place(value: number, root: Object3D, camera: PerspectiveCamera): void;
  dispose(): void;
}

/** Make the way of a relic of `size` metres whose base centre is the origin. */
export function createFromScan(renderer: WebGLRenderer, size: Vector): FromScan {
  const longest = Math.max(...size);
  const sweep = createSweep();
  const clouds: { points: Points; material: ShaderMaterial }[] = [];
  const meshes: Mesh[] = [];
  const box = new Box3(new Vector3(-size[0] / 2, 0, -size[2] / 2), new Vector3(size[0] / 2, size[1], size[2] / 2));

  const prepare = (model: Object3D): void => {
    meshes.length = 0;
    model.traverse((node) => {
      if (!(node instanceof Mesh)) return;
      meshes.push(node);
      for (const material of [node.material].flat() as Material[]) mould(material, sweep);
    });
  };

  const dress = (tree: Object3D): void => {
    tree.traverse((node) => {
      if (!(node instanceof Points)) return;
      const points = node as Points<BufferGeometry>;
      (points.material as unknown as Material).dispose();
      const material = cloudMaterial(points.geometry, sweep, longest);
      Object.assign(points, { material, frustumCulled: false, visible: false });
      clouds.push({ points, material });
    });
  };

  const place = (value: number, root: Object3D, camera: PerspectiveCamera): void => {
    const { formed, coloured } = changesAt(value);
    const [low, high] = extentOf(box, root, camera);
    const at = (share: number): number => low - DEPTH * 1.5 + (high - low + DEPTH * 3) * share;
    sweep.fronts.value = [at(formed), at(coloured), formed, coloured];
    renderer.getDrawingBufferSize(sweep.picture.value);
    for (const mesh of meshes) mesh.visible = formed > 0;
    const eye_to_middle = camera.position.distanceTo(root.localToWorld(box.getCenter(new Vector3())));
    for (const { points, material } of clouds) {
      points.visible = formed < 1;
      material.uniforms.middle!.value = eye_to_middle;
      material.uniforms.pixels!.value = sweep.picture.value.y * camera.projectionMatrix.elements[5]! / 2;
    }
  };

  return { prepare, dress, place, dispose: () => clouds.forEach(({ points, material }) => {
    points.geometry.dispose();
    material.dispose();
    points.removeFromParent();
  }) };
}

/** From where to where an object reaches across the picture, as far as the picture goes. */
function extentOf(box: Box3, root: Object3D, camera: PerspectiveCamera): [number, number] {
  const edge = 1.02 + LEAN;
  let low = edge;
  let high = -edge;
  for (let corner = 0; corner < 8; corner += 1) {
    const at = new Vector3(
      corner & 1 ? box.max.x : box.min.x, corner & 2 ? box.max.y : box.min.y, corner & 4 ? box.max.z : box.min.z,
    );
    root.localToWorld(at).applyMatrix4(camera.matrixWorldInverse);
    // a corner behind the eye is seen at both edges
    if (at.z > -camera.near) return [-edge, edge];
    at.applyMatrix4(camera.projectionMatrix);
    const across = at.x + LEAN * at.y;
    low = Math.min(low, across);
    high = Math.max(high, across);
  }
  return [Math.max(low, -edge), Math.min(high, edge)];
}
