// Entering and leaving VR.

import type { WebGLRenderer } from 'three';

/** Why VR cannot be entered here, or null where it can. */
export type Obstacle = 'vr.insecure' | 'vr.unsupported' | null;

export async function whyNoVr(): Promise<Obstacle> {
  if (!window.isSecureContext) return 'vr.insecure';
  const supported = await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false);
  return supported ? null : 'vr.unsupported';
}

export interface VrEvents {
  started(): void;
  ended(): void;
  failed(): void;
  /** Called for every frame of the headset. */
  frame(dt_s: number): void;
}

export interface VrSession {
  enter(): Promise<void>;
  leave(): Promise<void>;
  dispose(): void;
}

/** Text is read in the room, so the edges are not blurred as much as the device would by itself. */
const FOVEATION = 0.4;

export function createVrSession(renderer: WebGLRenderer, events: VrEvents): VrSession {
  const { xr } = renderer;
  xr.enabled = true;
  xr.setReferenceSpaceType('local-floor');
  let session: XRSession | null = null;
  let before_ms: number | null = null;

  const frame = (now_ms: number): void => {
    const dt_s = before_ms === null ? 0 : Math.min(0.1, (now_ms - before_ms) / 1000);
    before_ms = now_ms;
    events.frame(dt_s);
  };
  const ended = (): void => {
    session = null;
    before_ms = null;
    renderer.setAnimationLoop(null);
    events.ended();
  };

  return {
    enter: async () => {
      if (session || !navigator.xr) return;
      try {
        session = await navigator.xr.requestSession('immersive-vr', {
          requiredFeatures: ['local-floor'],
          optionalFeatures: ['hand-tracking'],
        });
        session.addEventListener('end', ended);
        await xr.setSession(session);
      } catch {
        session = null;
        events.failed();
        return;
      }
      xr.setFoveation(FOVEATION);
      events.started();
      renderer.setAnimationLoop(frame);
    },
    leave: async () => session?.end(),
    dispose: () => void session?.end(),
  };
}
