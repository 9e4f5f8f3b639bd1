// The hall as it was built and lit beforehand: one file, shown as it is. Nothing of its light is worked out here.

import { Group, Mesh, MeshBasicMaterial, type MeshStandardMaterial } from 'three';

import type { RoomShape } from '../core/exhibition.ts';
import { disposeTree } from './dispose.ts';
import type { ModelLoader } from './models.ts';

export interface HallView {
  object3d: Group;
  /** Resolves when the hall is there. */
  load(): Promise<void>;
  dispose(): void;
}

/** Width and height of the doorway, as in architecture.py. */
export const DOOR = { width: 1.7, height: 2.55 } as const;

export function createHallView(loader: ModelLoader, room: RoomShape, document_url: URL): HallView {
  const object3d = new Group();
  const stopping = new AbortController();
  return {
    object3d,
    load: async () => {
      const url = new URL(room.model, document_url).href;
      const model = await loader.load({ url, bytes: room.model_bytes }, stopping.signal);
      model.object3d.traverse((node) => {
        if (node instanceof Mesh) node.material = shown(node.material as MeshStandardMaterial | MeshBasicMaterial);
      });
      object3d.add(model.object3d);
    },
    dispose: () => {
      stopping.abort();
      disposeTree(object3d);
    },
  };
}

/** What a material of the file is in the room: its colour times the light that comes as its emissive texture. */
function shown(made: MeshStandardMaterial | MeshBasicMaterial): MeshBasicMaterial {
  const material = new MeshBasicMaterial({ color: made.color, map: made.map, vertexColors: true, dithering: true });
  if ('emissiveMap' in made && made.emissiveMap) {
    material.lightMap = made.emissiveMap;
    // three divides light maps by pi, which is right for irradiance; ours holds what white stuff sends back.
    material.lightMapIntensity = Math.PI * Number(made.userData.light ?? 1);
  }
  made.dispose();
  return material;
}
