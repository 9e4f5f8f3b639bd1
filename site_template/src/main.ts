// The one entry of every page: starts what the page asks for (see CONTRACT.md).

import type { Renewable } from './main/making.ts';
import { beginFetching, readPage } from './main/page.ts';
import { createCaptions, letOneSpeak } from './ui/captions.ts';

const page = readPage();
if (page.kind === 'relic' || page.kind === 'room') beginFetching(page);
document.querySelectorAll<HTMLElement>('.narration').forEach((narration) => createCaptions(narration));
letOneSpeak([...document.querySelectorAll('audio')]);
if (page.kind === 'relic') void import('./main/relic.ts').then(({ startRelicPage }) => startRelicPage(page));
const room: Promise<Renewable | null> = page.kind === 'room'
  ? import('./main/room.ts').then(({ startRoomPage }) => startRoomPage(page))
  : Promise.resolve(null);
const { making } = document.body.dataset;
if (making) void import('./main/making.ts').then(({ followMaking }) => followMaking(page, making, room));
