// All plinths in one draw call. Lamps hang alike before every relic, so every plinth is shaded alike.

import { BoxGeometry, Color, Float32BufferAttribute, InstancedMesh, Matrix4, MeshBasicMaterial, Quaternion, Vector3 } from 'three';

import type { PlacedRelic, RoomLook } from '../core/exhibition.ts';
import { radians } from '../core/orbit.ts';
import { disposeTree } from './dispose.ts';

/** Light on each side, in the order of three's boxes: +X, −X, +Y, −Y, +Z (front), −Z. */
const SIDES = [0.42, 0.72, 1.05, 0.1, 0.82, 0.34];
const HEIGHT_STEPS = 6;

export function createPlinths(relics: readonly PlacedRelic[], look: RoomLook): { object3d: InstancedMesh; dispose(): void } {
  const standing = relics.filter(({ plinth }) => plinth.height > 0);
  const material = new MeshBasicMaterial({ color: look.plinth, vertexColors: true, dithering: true });
  const object3d = new InstancedMesh(shadedBox(look), material, standing.length);
  const up = new Vector3(0, 1, 0);
  standing.forEach(({ position, yaw_deg, plinth }, index) => {
    const turn = new Quaternion().setFromAxisAngle(up, radians(yaw_deg));
    const size = new Vector3(plinth.width, plinth.height, plinth.depth);
    object3d.setMatrixAt(index, new Matrix4().compose(new Vector3(position[0], 0, position[2]), turn, size));
  });
  object3d.computeBoundingSphere();
  return { object3d, dispose: () => disposeTree(object3d) };
}

/** A box of side 1 standing on the floor, darker towards its foot. */
function shadedBox(look: RoomLook): BoxGeometry {
  const geometry = new BoxGeometry(1, 1, 1, 1, HEIGHT_STEPS, 1).translate(0, 0.5, 0);
  const { position, normal } = geometry.attributes;
  const lamp = new Color(look.light);
  const colors: number[] = [];
  for (let index = 0; index < position!.count; index += 1) {
    const axis = [normal!.getX(index), normal!.getY(index), normal!.getZ(index)];
    const side = axis.findIndex((value) => Math.abs(value) > 0.5) * 2 + (axis.some((value) => value < -0.5) ? 1 : 0);
    const foot = 1 - 0.4 * Math.exp(-position!.getY(index) * 4);
    const light = SIDES[side]! * (look.key * 0.75 + look.ambient * 0.5) * foot;
    colors.push(lamp.r * light, lamp.g * light, lamp.b * light);
  }
  geometry.setAttribute('color', new Float32BufferAttribute(colors, 3));
  return geometry;
}
