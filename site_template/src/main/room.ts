// The room page: finds what the room needs, builds it behind the drawn view, and starts it.

import type { ExhibitionDocument } from '../core/exhibition.ts';
import type { Stance } from '../core/walker.ts';
import { createAnnouncer } from '../ui/announcer.ts';
import '../ui/room.css';
import { keepAlive } from './alive.ts';
import { createGallery, type Gallery } from './gallery.ts';
import type { Renewable } from './making.ts';
import { fetchExhibition, markFailed, type Page, whenNear } from './page.ts';

export async function startRoomPage(page: Page): Promise<Renewable | null> {
  const frame = document.getElementById('room');
  const status = document.getElementById('room-status');
  if (!frame || !status) return null;
  const announcer = createAnnouncer(status);
  await whenNear(frame);
  announcer.say(page.say('room.loading'));

  const exhibition = await fetchExhibition(page).catch(() => null);
  if (!exhibition) {
    announcer.say(page.say('room.failed'));
    markFailed('document');
    return null;
  }
  const buttons = {
    enter: document.querySelector<HTMLButtonElement>('#enter-room'),
    vr: document.querySelector<HTMLButtonElement>('#enter-vr'),
  };
  const alive = await keepAlive<Gallery>({
    frame, announcer, say: page.say, without_webgl: 'room.no_webgl',
    make: (renderer) => createGallery({ frame, announcer, renderer, page, exhibition, buttons, stance: null }),
  });
  if (!alive) return null;
  return {
    renew: async (changed: ExhibitionDocument) => {
      if (alive.view.isBusy()) return false;
      const { view } = alive;
      const stance: Stance = view.stance;
      await alive.renew((renderer) => createGallery({
        // the visitor walks on while the new room is made ready
        frame, announcer, renderer, page, exhibition: changed, buttons, stance: () => view.stance ?? stance,
      }));
      return true;
    },
  };
}
