// The bar that says how far the making is, at the foot of every page until all relics are there.

import type { Say } from '../core/words.ts';
import { createAnnouncer } from './announcer.ts';
import { element } from './dom.ts';
import './making-bar.css';

export interface MakingBar {
  /** `share` is 0 to 1; null where it goes on and nobody knows how long. */
  show(share: number | null, text: string): void;
  /** Tell screen readers too; for what happens rarely. */
  announce(text: string): void;
  dispose(): void;
}

export function createMakingBar(say: Say): MakingBar {
  const progress = element('progress', { max: '1', 'aria-label': say('making.title') });
  const text = element('p', { class: 'making-text' });
  const spoken = element('p', { class: 'making-spoken', role: 'status' });
  const bar = element('aside', { class: 'making-bar', 'aria-label': say('making.title') }, progress, text, spoken);
  const announcer = createAnnouncer(spoken);
  document.body.append(bar);
  return {
    show: (share, words) => {
      if (share === null) progress.removeAttribute('value');
      else progress.value = share;
      if (text.textContent !== words) text.textContent = words;
    },
    announce: announcer.say,
    dispose: () => {
      announcer.dispose();
      bar.remove();
    },
  };
}
