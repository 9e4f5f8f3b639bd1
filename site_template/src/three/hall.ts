// Floor, walls and ceiling with their baked light, skirting, door and lamps.

import {
  BoxGeometry, type BufferGeometry, Color, CylinderGeometry, DataTexture, Float32BufferAttribute, Group,
  HalfFloatType, InstancedMesh, LinearFilter, type Material, Matrix4, Mesh, MeshBasicMaterial, PlaneGeometry, Quaternion,
  RGBAFormat, Vector3, DataUtils,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

import type { RoomLook, RoomShape, Vector } from '../core/exhibition.ts';
import type { Hall } from '../core/hall.ts';
import { bakeLight, type Lamp, type Surface } from '../core/light.ts';
import { disposeTree } from './dispose.ts';
import { floorBoards } from './floor-boards.ts';

export interface HallView {
  object3d: Group;
  dispose(): void;
}

export const DOOR = { width: 1.5, height: 2.3 } as const;

const TEXELS_PER_M = 14;
const SKIRTING_M = 0.08;

/** Build the hall; `lamps` light it, those over relics hang visibly from the ceiling. */
export function createHallView(room: RoomShape, hall: Hall, lamps: readonly Lamp[], visible: readonly Lamp[], anisotropy: number): HallView {
  const { look } = room;
  const object3d = new Group();
  const boards = floorBoards(room, anisotropy);
  object3d.add(
    panel(floorOf(hall), hall, lamps, look, look.floor, boards),
    panel(ceilingOf(hall), hall, lamps, look, look.ceiling),
    ...wallsOf(hall).map((wall) => panel(wall, hall, lamps, look, look.wall)),
    trim(room),
    layLight(room),
    lampBodies(visible),
    lampGlow(visible, look),
  );
  return { object3d, dispose: () => disposeTree(object3d) };
}

function floorOf({ width, depth }: Hall): Surface {
  return sized({ origin: [-width / 2, 0, -depth / 2], across: [width, 0, 0], down: [0, 0, depth], normal: [0, 1, 0], kind: 'floor' }, 2);
}

function ceilingOf({ width, depth, height }: Hall): Surface {
  return sized({ origin: [-width / 2, height, depth / 2], across: [width, 0, 0], down: [0, 0, -depth], normal: [0, -1, 0], kind: 'ceiling' }, 0.5);
}

function wallsOf({ width: w, depth: d, height: h }: Hall): Surface[] {
  const wall = (origin: Vector, across: Vector, normal: Vector): Surface => sized({ origin, across, down: [0, -h, 0], normal, kind: 'wall' }, 1);
  return [
    wall([-w / 2, h, -d / 2], [w, 0, 0], [0, 0, 1]),
    wall([w / 2, h, -d / 2], [0, 0, d], [-1, 0, 0]),
    wall([w / 2, h, d / 2], [-w, 0, 0], [0, 0, -1]),
    wall([-w / 2, h, d / 2], [0, 0, -d], [1, 0, 0]),
  ];
}

function sized(surface: Omit<Surface, 'columns' | 'rows'>, fineness: number): Surface {
  const texels = (edge: Vector): number => Math.min(320, Math.max(8, Math.round(Math.hypot(...edge) * TEXELS_PER_M * fineness)));
  return { ...surface, columns: texels(surface.across), rows: texels(surface.down) };
}

/** A surface with its light in the texture; `pattern` (the floor's boards) multiplies it. */
function panel(surface: Surface, hall: Hall, lamps: readonly Lamp[], look: RoomLook, color: string, pattern?: MeshBasicMaterial): Mesh {
  const material = pattern ?? new MeshBasicMaterial({ color });
  material.lightMap = lightTexture(surface, bakeLight(surface, hall, lamps), look);
  // three divides light maps by pi, which is right for irradiance; ours holds what is reflected.
  material.lightMapIntensity = Math.PI;
  material.dithering = true;
  return new Mesh(quad(surface), material);
}

function quad({ origin, across, down, normal }: Surface): BufferGeometry {
  const corner = (u: number, v: number): number[] => origin.map((value, axis) => value + across[axis]! * u + down[axis]! * v);
  const geometry = new PlaneGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute([corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)].flat(), 3));
  geometry.setAttribute('normal', new Float32BufferAttribute([normal, normal, normal, normal].flat(), 3));
  geometry.setAttribute('uv', new Float32BufferAttribute([0, 0, 1, 0, 0, 1, 1, 1], 2));
  return geometry;
}

/** Half floats: eight bits would show as bands on a wall that darkens slowly. */
function lightTexture({ columns, rows }: Surface, light: Float32Array, look: RoomLook): DataTexture {
  const lamp = new Color(look.light);
  const even = new Color('#ffffff').lerp(lamp, 0.55);
  const texels = new Uint16Array(columns * rows * 4);
  for (let texel = 0; texel < columns * rows; texel += 1) {
    const from_lamps = light[texel * 2]! * look.key;
    const from_all = light[texel * 2 + 1]! * look.ambient;
    const channels = [lamp.r * from_lamps + even.r * from_all, lamp.g * from_lamps + even.g * from_all, lamp.b * from_lamps + even.b * from_all, 1];
    channels.forEach((value, channel) => (texels[texel * 4 + channel] = DataUtils.toHalfFloat(value)));
  }
  const texture = new DataTexture(texels, columns, rows, RGBAFormat, HalfFloatType);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Skirting along the walls and the frame of the door one came in by. */
function trim({ look, width: w, depth: d }: RoomShape): Mesh {
  const box = (size: Vector, at: Vector, shade: number): BufferGeometry => {
    const geometry = new BoxGeometry(...size).translate(...at);
    const count = geometry.attributes.position!.count;
    const color = new Color(look.trim).lerp(new Color(look.wall), 0.2).multiplyScalar(shade * 0.8);
    geometry.setAttribute('color', new Float32BufferAttribute(Array.from({ length: count }, () => color.toArray()).flat(), 3));
    return geometry;
  };
  const t = 0.015;
  const post = 0.11;
  const side = (w - DOOR.width) / 2 - post;
  const parts = [
    box([w, SKIRTING_M, t], [0, SKIRTING_M / 2, -d / 2 + t / 2], 0.8),
    box([t, SKIRTING_M, d], [w / 2 - t / 2, SKIRTING_M / 2, 0], 0.7),
    box([t, SKIRTING_M, d], [-w / 2 + t / 2, SKIRTING_M / 2, 0], 0.7),
    box([side, SKIRTING_M, t], [(DOOR.width / 2 + post + w / 2) / 2, SKIRTING_M / 2, d / 2 - t / 2], 0.7),
    box([side, SKIRTING_M, t], [-(DOOR.width / 2 + post + w / 2) / 2, SKIRTING_M / 2, d / 2 - t / 2], 0.7),
    box([post, DOOR.height + post, 0.08], [DOOR.width / 2 + post / 2, (DOOR.height + post) / 2, d / 2 - 0.04], 0.75),
    box([post, DOOR.height + post, 0.08], [-DOOR.width / 2 - post / 2, (DOOR.height + post) / 2, d / 2 - 0.04], 0.75),
    box([DOOR.width, post, 0.08], [0, DOOR.height + post / 2, d / 2 - 0.04], 0.85),
    box([DOOR.width, DOOR.height, 0.02], [0, DOOR.height / 2, d / 2 - 0.011], 0.13),
  ];
  const merged = mergeGeometries(parts);
  parts.forEach((part) => part.dispose());
  return new Mesh(merged, new MeshBasicMaterial({ vertexColors: true }));
}

/** A ceiling of light over the middle of the hall, in fields: where the even light comes from. */
function layLight({ look, width, depth, height }: RoomShape): Mesh {
  const n_fields = Math.max(1, Math.round((depth * 0.62) / 1.5));
  const [across, along] = [width * 0.4, (depth * 0.62) / n_fields];
  const fields = Array.from({ length: n_fields }, (_, index) =>
    new PlaneGeometry(across, along - 0.06).rotateX(Math.PI / 2).translate(0, height - 0.012, (index - (n_fields - 1) / 2) * along),
  );
  const merged = mergeGeometries(fields);
  fields.forEach((field) => field.dispose());
  return new Mesh(merged, new MeshBasicMaterial({ color: new Color('#ffffff').lerp(new Color(look.light), 0.5).multiplyScalar(0.55 + look.ambient) }));
}

function aimed(lamp: Lamp): Matrix4 {
  const beam = new Vector3(...lamp.aim).sub(new Vector3(...lamp.at)).normalize();
  const turn = new Quaternion().setFromUnitVectors(new Vector3(0, -1, 0), beam);
  return new Matrix4().compose(new Vector3(...lamp.at), turn, new Vector3(1, 1, 1));
}

function instances(geometry: BufferGeometry, material: Material, lamps: readonly Lamp[]): InstancedMesh {
  const mesh = new InstancedMesh(geometry, material, lamps.length);
  lamps.forEach((lamp, index) => mesh.setMatrixAt(index, aimed(lamp)));
  mesh.computeBoundingSphere();
  return mesh;
}

function lampBodies(lamps: readonly Lamp[]): InstancedMesh {
  const body = new CylinderGeometry(0.045, 0.062, 0.2, 16, 1, true).translate(0, 0.04, 0);
  return instances(body, new MeshBasicMaterial({ color: '#2b2723' }), lamps);
}

function lampGlow(lamps: readonly Lamp[], look: RoomLook): InstancedMesh {
  const face = new CylinderGeometry(0.058, 0.058, 0.005, 16).translate(0, -0.06, 0);
  return instances(face, new MeshBasicMaterial({ color: new Color(look.light).multiplyScalar(1.6), toneMapped: true }), lamps);
}
