// A view on a canvas for as long as the page is open, across the loss of the graphics card.

import type { WebGLRenderer } from 'three';

import type { Say, Word } from '../core/words.ts';
import { createRenderer, qualityOf } from '../three/renderer.ts';
import type { Announcer } from '../ui/announcer.ts';
import { markFailed } from './page.ts';

/** What a page shows on a canvas. */
export interface View {
  /** Fetch what is needed, while something else is still shown; `start` does it where this was not called. */
  prepare?(): Promise<unknown>;
  start(): Promise<void>;
  dispose(): void;
}

interface Deps<Kind extends View> {
  /** Holds the picture, and the canvas in its place while it has the class `is-live`. */
  frame: HTMLElement;
  announcer: Announcer;
  say: Say;
  /** What is said where there is no WebGL. */
  without_webgl: Word;
  make(renderer: WebGLRenderer): Kind;
}

/** A view that is shown, and how to put another in its place. */
export interface Alive<Kind extends View> {
  readonly view: Kind;
  /** Make another view ready behind the one that is shown, then change them. */
  renew(make: (renderer: WebGLRenderer) => Kind): Promise<void>;
}

/**
 * Start a view; show the picture while the graphics card is gone and start anew when it is back.
 *
 * Nothing is mended: what was rendered for later use (reflections, shadows) is lost with the card.
 * Resolves with null where the browser has no WebGL.
 */
export async function keepAlive<Kind extends View>(deps: Deps<Kind>): Promise<Alive<Kind> | null> {
  const { frame, announcer, say, without_webgl } = deps;
  let make = deps.make;
  let shown: { view: Kind; stop(): void };

  const put = (renderer: WebGLRenderer, view: Kind): Promise<void> => {
    const listening = new AbortController();
    const { signal } = listening;
    const stop = (): void => {
      listening.abort();
      view.dispose();
      renderer.forceContextLoss();
    };
    shown = { view, stop };
    renderer.domElement.addEventListener('webglcontextlost', () => {
      frame.classList.remove('is-live');
      announcer.say(say('viewer.context_lost'));
    }, { signal });
    renderer.domElement.addEventListener('webglcontextrestored', () => {
      stop();
      const renderer_again = createRenderer(qualityOf(location.href));
      void put(renderer_again, make(renderer_again)).then(() => announcer.say(say('viewer.context_back')));
    }, { signal });
    // A page kept for the back button keeps its view too.
    addEventListener('pagehide', (event) => {
      if (!event.persisted) stop();
    }, { signal });
    return view.start();
  };

  try {
    const renderer = createRenderer(qualityOf(location.href));
    await put(renderer, make(renderer));
  } catch (error) {
    if (shown!) throw error;
    announcer.say(say(without_webgl));
    markFailed('webgl');
    return null;
  }
  return {
    get view() { return shown.view; },
    renew: async (make_next) => {
      const renderer = createRenderer(qualityOf(location.href));
      const next = make_next(renderer);
      await next.prepare?.();
      make = make_next;
      shown.stop();
      await put(renderer, next);
    },
  };
}
