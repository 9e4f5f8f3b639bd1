// The arc of a teleport and the mark where it lands.

import {
  BufferAttribute, BufferGeometry, Color, DoubleSide, Group, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, RingGeometry,
} from 'three';

import type { Arc } from '../core/arc.ts';
import { disposeTree } from '../three/dispose.ts';

const MOST_POINTS = 96;
const REFUSED = '#d8452e';

export interface TeleportView {
  object3d: Group;
  show(arc: Arc | null): void;
  dispose(): void;
}

export function createTeleportView(color: string): TeleportView {
  const allowed = new Color(color);
  const refused = new Color(REFUSED);
  const positions = new BufferAttribute(new Float32Array(MOST_POINTS * 3), 3);
  const flight = new Line(new BufferGeometry().setAttribute('position', positions), new LineBasicMaterial({ color }));
  flight.frustumCulled = false;
  const mark = new Mesh(
    new RingGeometry(0.2, 0.26, 40).rotateX(-Math.PI / 2),
    new MeshBasicMaterial({ color, side: DoubleSide, transparent: true, opacity: 0.9, depthWrite: false }),
  );
  const dot = new Mesh(new RingGeometry(0, 0.07, 24).rotateX(-Math.PI / 2), mark.material);
  mark.add(dot);
  const object3d = new Group();
  object3d.add(flight, mark);
  object3d.visible = false;

  return {
    object3d,
    show: (arc) => {
      object3d.visible = arc !== null;
      if (!arc) return;
      const points = arc.points.slice(0, MOST_POINTS);
      points.forEach((point, index) => positions.setXYZ(index, ...point));
      positions.needsUpdate = true;
      flight.geometry.setDrawRange(0, points.length);
      const tint = arc.is_valid ? allowed : refused;
      flight.material.color.copy(tint);
      mark.material.color.copy(tint);
      mark.position.set(arc.end[0], 0.012, arc.end[2]);
      // A refused landing keeps its arc but shows no place to stand.
      mark.visible = arc.is_valid;
    },
    dispose: () => {
      flight.geometry.dispose();
      flight.material.dispose();
      disposeTree(object3d);
    },
  };
}
