// The room page: finds what the room needs, builds it behind the drawn view, and starts it.

import { createAnnouncer } from '../ui/announcer.ts';
import '../ui/room.css';
import { keepAlive } from './alive.ts';
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
  const buttons = {
    enter: document.querySelector<HTMLButtonElement>('#enter-room'),
    vr: document.querySelector<HTMLButtonElement>('#enter-vr'),
  };
  await keepAlive({
    frame, announcer, say: page.say, without_webgl: 'room.no_webgl',
    make: (renderer) => createGallery({ frame, announcer, renderer, page, exhibition, buttons }),
  });
}
