// A view on a canvas for as long as the page is open, across the loss of the graphics card.

import type { WebGLRenderer } from 'three';

import type { Say, Word } from '../core/words.ts';
import { createRenderer, qualityOf } from '../three/renderer.ts';
import type { Announcer } from '../ui/announcer.ts';
import { markFailed } from './page.ts';

/** What a page shows on a canvas. */
export interface View {
  start(): Promise<void>;
  dispose(): void;
}

interface Deps {
  /** Holds the picture, and the canvas in its place while it has the class `is-live`. */
  frame: HTMLElement;
  announcer: Announcer;
  say: Say;
  /** What is said where there is no WebGL. */
  without_webgl: Word;
  make(renderer: WebGLRenderer): View;
}

/**
 * Start a view; show the picture while the graphics card is gone and start anew when it is back.
 *
 * Nothing is mended: what was rendered for later use (reflections, shadows) is lost with the card.
 */
export async function keepAlive(deps: Deps): Promise<void> {
  const { frame, announcer, say, without_webgl, make } = deps;
  let renderer: WebGLRenderer;
  try {
    renderer = createRenderer(qualityOf(location.href));
  } catch {
    announcer.say(say(without_webgl));
    markFailed('webgl');
    return;
  }
  const view = make(renderer);
  const listening = new AbortController();
  const { signal } = listening;
  const stop = (): void => {
    listening.abort();
    view.dispose();
  };
  renderer.domElement.addEventListener('webglcontextlost', () => {
    frame.classList.remove('is-live');
    announcer.say(say('viewer.context_lost'));
  }, { signal });
  renderer.domElement.addEventListener('webglcontextrestored', () => {
    stop();
    void keepAlive(deps).then(() => announcer.say(say('viewer.context_back')));
  }, { signal });
  // A page kept for the back button keeps its view too.
  addEventListener('pagehide', (event) => {
    if (!event.persisted) stop();
  }, { signal });
  await view.start();
}
