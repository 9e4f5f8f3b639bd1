// GLB files become things in a scene.

import { type Camera, type Group, Mesh, type Scene, Texture, type WebGLRenderer } from 'three';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import type { KTX2Loader } from 'three/addons/loaders/KTX2Loader.js';

import { extensionsOf } from '../core/glb.ts';
import { disposeTree } from './dispose.ts';
import { fetchBytes, type OnShare } from './fetching.ts';

/** A model in memory. */
export interface Model {
  url: string;
  object3d: Group;
  triangles: number;
  dispose(): void;
}

/** Where a model is and how large its file is. */
export interface ModelFile {
  url: string;
  bytes: number;
}

export interface ModelLoader {
  load(file: ModelFile, signal: AbortSignal, onShare?: OnShare): Promise<Model>;
  dispose(): void;
}

/** Make a loader of GLBs with meshopt, WebP and KTX2; the KTX2 transcoder is fetched only when a file asks for it. */
export function createModelLoader(renderer: WebGLRenderer): ModelLoader {
  const gltf = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);
  let ktx2: Promise<KTX2Loader> | null = null;

  const withKtx2 = async (): Promise<KTX2Loader> => {
    const { KTX2Loader } = await import('three/addons/loaders/KTX2Loader.js');
    const loader = new KTX2Loader().detectSupport(renderer);
    gltf.setKTX2Loader(loader);
    return loader;
  };

  const load = async (file: ModelFile, signal: AbortSignal, onShare?: OnShare): Promise<Model> => {
    const bytes = await fetchBytes(file.url, file.bytes, signal, onShare);
    if (extensionsOf(bytes).includes('KHR_texture_basisu')) await (ktx2 ??= withKtx2());
    const parsed = await gltf.parseAsync(bytes, new URL('.', file.url).href);
    signal.throwIfAborted();
    const object3d = parsed.scene;
    return { url: file.url, object3d, triangles: prepare(object3d, renderer), dispose: () => disposeTree(object3d) };
  };

  return {
    load,
    dispose: () => void ktx2?.then((loader) => loader.dispose()),
  };
}

/** Sharpen textures seen at a slant, let the model cast and take shadows, and count its triangles. */
function prepare(root: Group, renderer: WebGLRenderer): number {
  const anisotropy = Math.min(8, renderer.capabilities.getMaxAnisotropy());
  let triangles = 0;
  root.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.castShadow = true;
    node.receiveShadow = true;
    triangles += (node.geometry.index ?? node.geometry.attributes.position).count / 3;
    for (const texture of texturesOf(node)) texture.anisotropy = anisotropy;
  });
  return triangles;
}

function texturesOf(mesh: Mesh): Texture[] {
  return [mesh.material].flat().flatMap((material) =>
    Object.values(material).filter((value): value is Texture => value instanceof Texture),
  );
}

/** Compile the shaders of `model` for `scene` and upload its textures, so that showing it does not hold up a frame. */
export async function warmUp(renderer: WebGLRenderer, model: Model, camera: Camera, scene: Scene): Promise<void> {
  await renderer.compileAsync(model.object3d, camera, scene);
  model.object3d.traverse((node) => {
    if (node instanceof Mesh) texturesOf(node).forEach((texture) => renderer.initTexture(texture));
  });
}
