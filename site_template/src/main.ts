// The one entry of every page: starts what the page asks for (see CONTRACT.md).

import { readPage } from './main/page.ts';
import { createCaptions, letOneSpeak } from './ui/captions.ts';

const page = readPage();
document.querySelectorAll<HTMLElement>('.narration').forEach((narration) => createCaptions(narration));
letOneSpeak([...document.querySelectorAll('audio')]);
if (page.kind === 'relic') void import('./main/relic.ts').then(({ startRelicPage }) => startRelicPage(page));
if (page.kind === 'room') void import('./main/room.ts').then(({ startRoomPage }) => startRoomPage(page));
