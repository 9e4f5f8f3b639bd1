// The relic page: finds what the viewer needs, and starts it when the visitor comes near.

import { createAnnouncer } from '../ui/announcer.ts';
import { element } from '../ui/dom.ts';
import '../ui/viewer.css';
import { keepAlive } from './alive.ts';
import { fetchExhibition, markFailed, type Page, whenNear } from './page.ts';
import { createViewer } from './viewer.ts';

export async function startRelicPage(page: Page): Promise<void> {
  const frame = document.querySelector<HTMLElement>('.viewer');
  if (!frame) return;
  const status = element('p', { class: 'viewer-status', role: 'status' });
  const controls = element('div', { class: 'viewer-controls' }, status);
  const shell = element('div', { class: 'viewer-shell' });
  frame.before(shell);
  shell.append(frame, controls);
  const announcer = createAnnouncer(status);
  await whenNear(frame);

  const exhibition = await fetchExhibition(page).catch(() => null);
  const relic = exhibition?.relics.find((one) => one.id === (frame.dataset.relic ?? page.relic));
  if (!exhibition || !relic) {
    announcer.say(page.say('viewer.failed'));
    markFailed('document');
    return;
  }
  if (relic.pending) return; // its place waits, and the page says so
  await keepAlive({
    frame, announcer, say: page.say, without_webgl: 'viewer.no_webgl',
    make: (renderer) => createViewer({ shell, frame, controls, announcer, renderer, page, relic, languages: exhibition.languages }),
  });
}
