// Giving back what three holds on the graphics card.

import { Material, Mesh, type Object3D, Points, Texture } from 'three';

/** Free every geometry, material and texture under `root`, and take `root` out of its parent. */
export function disposeTree(root: Object3D): void {
  root.traverse((node) => {
    if (!(node instanceof Mesh || node instanceof Points)) return;
    node.geometry.dispose();
    for (const material of [node.material].flat() as Material[]) disposeMaterial(material);
  });
  root.removeFromParent();
}

/** Free a material and its textures. */
export function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) {
    if (!(value instanceof Texture)) continue;
    const image: unknown = value.source.data;
    if (typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap) image.close();
    value.dispose();
  }
  material.dispose();
}
