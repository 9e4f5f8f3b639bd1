// A site whose relics are still being made: tells how far that is, and takes in what was made.

import { arrivedSince, type Making, stateOf } from '../core/making.ts';
import type { ExhibitionDocument } from '../core/exhibition.ts';
import { inLanguage } from '../core/words.ts';
import { createMakingBar } from '../ui/making-bar.ts';
import { fetchExhibition, type Page } from './page.ts';

/** A page that can take in new relics without being loaded anew; false while it is better not disturbed. */
export interface Renewable {
  renew(exhibition: ExhibitionDocument): Promise<boolean>;
}

const EVERY_MS = 1000;
/** The server is asked so many times before it is believed to be gone. */
const PATIENCE = 5;

export async function followMaking(page: Page, address: string, view: Promise<Renewable | null>): Promise<void> {
  const { say } = page;
  const bar = createMakingBar(say);
  const titleOf = (exhibition: ExhibitionDocument, id: string): string => {
    const relic = exhibition.relics.find((one) => one.id === id);
    return relic ? inLanguage(relic.title, page.language, exhibition.languages) : id;
  };
  let exhibition = await fetchExhibition(page).catch(() => null);
  let before: Making | null = null;
  let shown_version = -1;
  let n_missed = 0;

  for (;;) {
    const making = await ask(new URL(address, document.baseURI));
    if (!making || !exhibition) {
      n_missed += 1;
      if (n_missed >= PATIENCE) break;
      await pause();
      exhibition ??= await fetchExhibition(page).catch(() => null);
      continue;
    }
    n_missed = 0;
    if (shown_version < 0) shown_version = isCurrent(making, exhibition) ? making.version : 0;
    if (making.version !== shown_version) {
      const news = await fetchExhibition(page).catch(() => exhibition) ?? exhibition;
      if (await takeIn(page, exhibition, news, view)) {
        shown_version = making.version;
        renewPictures(shown_version);
        exhibition = news;
      }
    }
    const state = stateOf(making, exhibition);
    const now = state.now.map(({ relic, percent }) => say('making.now', { title: titleOf(exhibition!, relic.id), percent }));
    const is_lit_next = state.made + state.failed === state.total && !making.done;
    const count = is_lit_next ? say('making.light') : say('making.count', { made: state.made, total: state.total });
    const failed = state.failed ? say('making.failed', { failed: state.failed }) : '';
    bar.show(is_lit_next ? null : state.share, [count, failed, ...now].filter(Boolean).join(' · '));
    const arrived = arrivedSince(before, making).map((id) => titleOf(exhibition!, id));
    if (arrived.length > 0) bar.announce(arrived.map((title) => say('making.arrived', { title })).join(' '));
    before = making;
    if (making.done && shown_version === making.version) {
      delete document.body.dataset.making;
      bar.dispose();
      return;
    }
    await pause();
  }
  bar.show(1, say('making.stopped'));
  bar.announce(say('making.stopped'));
}

/** Whether the page was written with everything that is made by now. */
function isCurrent(making: Making, exhibition: ExhibitionDocument): boolean {
  return exhibition.relics.every(({ id, pending }) => pending === (making.relics[id]?.state !== 'made'));
}

/** Show what was made; false if it has to wait. Pages that are only read are loaded anew, if it is theirs. */
async function takeIn(
  page: Page, before: ExhibitionDocument, news: ExhibitionDocument, view: Promise<Renewable | null>,
): Promise<boolean> {
  const renewable = await view;
  if (renewable) return renewable.renew(news);
  if (toldOn(page, before) !== toldOn(page, news)) location.reload();
  return true;
}

/** What a page tells of an exhibition: its relic, or all of them; where they stand is told in the room alone. */
function toldOn(page: Page, exhibition: ExhibitionDocument): string {
  // the page of languages shows one relic, the first that there is
  if (page.kind === 'choose') return exhibition.relics.find(({ pending }) => !pending)?.id ?? '';
  const relics = exhibition.relics.filter(({ id }) => page.relic === null || id === page.relic);
  const told = relics.map(({ position, yaw_deg, plinth, ...rest }) => rest);
  return JSON.stringify(page.relic === null ? [told, exhibition.room.has_shadows] : told);
}

/** The hall's picture keeps its address when light is cast on what arrived. */
function renewPictures(version: number): void {
  for (const picture of document.querySelectorAll<HTMLImageElement>('img.room-poster')) {
    const address = new URL(picture.src);
    address.search = `?${version}`;
    picture.src = address.href;
  }
}

async function ask(address: URL): Promise<Making | null> {
  try {
    const response = await fetch(address, { cache: 'no-store' });
    return response.ok ? ((await response.json()) as Making) : null;
  } catch {
    return null;
  }
}

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
