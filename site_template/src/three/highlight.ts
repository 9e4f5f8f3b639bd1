// The thin bright frame round the plinth of the relic that is pointed at.

import { BoxGeometry, Group, Mesh, MeshBasicMaterial } from 'three';

import type { PlacedRelic, RoomLook } from '../core/exhibition.ts';
import { radians } from '../core/orbit.ts';
import { disposeTree } from './dispose.ts';

export interface Highlight {
  object3d: Group;
  show(relic: PlacedRelic | null): void;
  dispose(): void;
}

const EDGE_M = 0.007;

export function createHighlight(look: RoomLook): Highlight {
  const object3d = new Group();
  const material = new MeshBasicMaterial({ color: look.light, toneMapped: false });
  const geometry = new BoxGeometry(1, 1, 1);
  const edges = [0, 1, 2, 3].map(() => new Mesh(geometry, material));
  object3d.add(...edges);
  object3d.visible = false;
  return {
    object3d,
    show: (relic) => {
      object3d.visible = relic !== null;
      if (!relic) return;
      const [x, base, z] = relic.position;
      const { width, depth } = relic.plinth;
      object3d.position.set(x, Math.max(base, EDGE_M), z);
      object3d.rotation.y = radians(relic.yaw_deg);
      edges.forEach((edge, index) => {
        const sign = index % 2 ? 1 : -1;
        const along_x = index < 2;
        edge.position.set(along_x ? 0 : (sign * width) / 2, 0, along_x ? (sign * depth) / 2 : 0);
        edge.scale.set(along_x ? width + EDGE_M : EDGE_M, EDGE_M, along_x ? EDGE_M : depth + EDGE_M);
      });
    },
    dispose: () => disposeTree(object3d),
  };
}
