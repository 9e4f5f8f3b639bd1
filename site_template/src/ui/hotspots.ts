// Places worth a look: markers over the canvas, and the page's own ordered list.

import type { PlacedHotspot, Vector } from '../core/exhibition.ts';
import { element } from './dom.ts';

/** Where a hotspot is drawn, in shares of the stage. */
export interface MarkerPlace {
  x: number;
  y: number;
  is_visible: boolean;
}

export interface Hotspots {
  element: HTMLElement;
  place(locate: (position: Vector, normal: Vector) => MarkerPlace): void;
  dispose(): void;
}

/**
 * Make the markers of `spots` and bind the page's `list` to them.
 *
 * The list is what keyboards and screen readers use, so the markers are for pointers only.
 */
export function createHotspots(
  spots: readonly PlacedHotspot[],
  list: Element | null,
  title: (spot: PlacedHotspot) => string,
  visit: (spot: PlacedHotspot) => void,
): Hotspots {
  const listening = new AbortController();
  const itemOf = (spot: PlacedHotspot): Element | null => list?.querySelector(`[data-hotspot="${CSS.escape(spot.id)}"]`) ?? null;

  const choose = (spot: PlacedHotspot): void => {
    list?.querySelectorAll('.is-current').forEach((item) => item.classList.remove('is-current'));
    itemOf(spot)?.classList.add('is-current');
    for (const [other, marker] of markers) marker.classList.toggle('is-current', other === spot);
    visit(spot);
  };

  const markers = spots.map((spot, index): [PlacedHotspot, HTMLButtonElement] => {
    const marker = element('button', { type: 'button', class: 'viewer-marker', tabindex: '-1', title: title(spot) }, `${index + 1}`);
    marker.addEventListener('click', () => choose(spot), { signal: listening.signal });
    itemOf(spot)?.querySelector('button')?.addEventListener('click', () => choose(spot), { signal: listening.signal });
    return [spot, marker];
  });
  const layer = element('div', { class: 'viewer-markers', 'aria-hidden': 'true' }, ...markers.map(([, marker]) => marker));

  return {
    element: layer,
    place: (locate) => {
      for (const [spot, marker] of markers) {
        const { x, y, is_visible } = locate(spot.position, spot.normal);
        marker.classList.toggle('is-hidden', !is_visible);
        marker.style.setProperty('left', `${x * 100}%`);
        marker.style.setProperty('top', `${y * 100}%`);
      }
    },
    dispose: () => {
      listening.abort();
      layer.remove();
    },
  };
}
