// What tests and technicians may read of the running page.

import type { WebGLRenderer } from 'three';

export interface Debug {
  frames: number;
  triangles: number;
  calls: number;
  head: [number, number, number] | null;
  yaw_deg: number | null;
  relic: string | null;
  level: string | null;
  view: string | null;
  /** From scan (0) to relic (2), on the relic page. */
  stage: number | null;
  presenting: boolean;
}

declare global {
  interface Window {
    exhibitDebug?: Readonly<Debug>;
  }
}

/** Publish `window.exhibitDebug`: figures of `renderer`, and whatever `more` computes when read. */
export function publishDebug(renderer: WebGLRenderer, frames: () => number, more: () => Partial<Debug>): void {
  const none = { head: null, yaw_deg: null, relic: null, level: null, view: null, stage: null };
  Object.defineProperty(window, 'exhibitDebug', {
    configurable: true,
    get: (): Debug => ({
      ...none,
      frames: frames(),
      triangles: renderer.info.render.triangles,
      calls: renderer.info.render.calls,
      presenting: renderer.xr.isPresenting,
      ...more(),
    }),
  });
}
