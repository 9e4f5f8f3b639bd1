// The renderer, set up the same way for every page.

import { NeutralToneMapping, PCFShadowMap, SRGBColorSpace, WebGLRenderer } from 'three';

/** How much the machine is asked for; `low` also makes pictures of tests equal on every machine. */
export type Quality = 'full' | 'low';

/** Read `?quality=low` from a page's address. */
export const qualityOf = (address: string): Quality =>
  new URL(address).searchParams.get('quality') === 'low' ? 'low' : 'full';

/**
 * Make a renderer on its own canvas.
 *
 * Throws where the browser has no WebGL 2: the page then keeps its pictures.
 */
export function createRenderer(quality: Quality): WebGLRenderer {
  const renderer = new WebGLRenderer({
    antialias: quality === 'full',
    alpha: true,
    powerPreference: 'high-performance',
  });
  renderer.outputColorSpace = SRGBColorSpace;
  // Khronos' neutral curve keeps the colours of the scan; filmic curves would shift them.
  renderer.toneMapping = NeutralToneMapping;
  renderer.shadowMap.enabled = quality === 'full';
  renderer.shadowMap.type = PCFShadowMap;
  renderer.shadowMap.autoUpdate = false;
  renderer.setPixelRatio(quality === 'full' ? Math.min(devicePixelRatio, 2) : 1);
  renderer.domElement.setAttribute('aria-hidden', 'true');
  return renderer;
}

/** Fit the canvas to `width` × `height` CSS pixels; true when that changed something. */
export function fitRenderer(renderer: WebGLRenderer, width: number, height: number): boolean {
  const canvas = renderer.domElement;
  const ratio = renderer.getPixelRatio();
  if (canvas.width === Math.floor(width * ratio) && canvas.height === Math.floor(height * ratio)) return false;
  renderer.setSize(width, height, false);
  return true;
}
