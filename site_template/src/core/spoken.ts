// The spoken name of a view, in the page's language.

import type { SpokenView } from './orbit.ts';
import type { Say } from './words.ts';

/** "front, 30° left, from above". */
export function sayView(say: Say, view: SpokenView): string {
  const side = say(`view.${view.side}`);
  const turned = view.turned_to
    ? say(view.turned_to === 'left' ? 'view.turned_left' : 'view.turned_right', { side, degrees: view.turned_deg })
    : side;
  return view.height ? say(view.height === 'above' ? 'view.above' : 'view.below', { view: turned }) : turned;
}
