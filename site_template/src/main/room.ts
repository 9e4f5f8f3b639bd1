// The room page: finds what the room needs, builds it behind the drawn view, and starts it.

import { createRenderer, qualityOf } from '../three/renderer.ts';
import { createAnnouncer } from '../ui/announcer.ts';
import '../ui/room.css';
import { createGallery } from './gallery.ts';
import { fetchExhibition, markFailed, type Page, whenNear } from './page.ts';

export async function startRoomPage(page: Page): Promise<void> {
  const frame = document.getElementById('room');
  const status = document.getElementById('room-status');
  if (!frame || !status) return;
  const announcer = createAnnouncer(status);
  await whenNear(frame);
  announcer.say(page.say('room.loading'));

  const exhibition = await fetchExhibition(page).catch(() => null);
  if (!exhibition) {
    announcer.say(page.say('room.failed'));
    markFailed('document');
    return;
  }
  let renderer;
  try {
    renderer = createRenderer(qualityOf(location.href));
  } catch {
    announcer.say(page.say('room.no_webgl'));
    markFailed('webgl');
    return;
  }
  const buttons = {
    enter: document.querySelector<HTMLButtonElement>('#enter-room'),
    vr: document.querySelector<HTMLButtonElement>('#enter-vr'),
  };
  const gallery = createGallery({ frame, announcer, renderer, page, exhibition, buttons });
  addEventListener('pagehide', (event) => {
    if (!event.persisted) gallery.dispose();
  });
  await gallery.start();
}
