// What a page says of itself to the scripts (see CONTRACT.md).

import type { ExhibitionDocument } from '../core/exhibition.ts';
import { createWords, type Say } from '../core/words.ts';

export interface Page {
  kind: string;
  language: string;
  /** Address of exhibition.json; addresses inside it are relative to it. */
  document_url: URL;
  relic: string | null;
  say: Say;
}

export function readPage(): Page {
  const { page = '', document: address = 'exhibition.json', relic } = document.body.dataset;
  const table = document.getElementById('strings')?.textContent ?? '{}';
  return {
    kind: page,
    language: document.documentElement.lang,
    document_url: new URL(address, document.baseURI),
    relic: relic ?? null,
    say: createWords(JSON.parse(table) as Record<string, string>),
  };
}

let begun: Promise<Response> | null = null;

/** Begin to fetch exhibition.json, for the first who asks: while the large scripts are still on their way. */
export function beginFetching(page: Page): void {
  begun = fetch(page.document_url);
  begun.catch(() => undefined); // who asks is told
}

/** Fetch exhibition.json; throws where it is missing. */
export async function fetchExhibition(page: Page): Promise<ExhibitionDocument> {
  const asked = begun ?? fetch(page.document_url);
  begun = null;
  const response = await asked;
  if (!response.ok) throw new Error(`${page.document_url.href}: ${response.status}`);
  return (await response.json()) as ExhibitionDocument;
}

/** Why a page could not come alive, in one word; the page itself stays complete. */
export type Failure = 'webgl' | 'document' | 'model';

export function markReady(what: 'viewer' | 'room'): void {
  document.documentElement.dataset.ready = what;
}

export function markFailed(why: Failure): void {
  document.documentElement.dataset.failed = why;
}

/** Resolve when `target` comes near the part of the page that is seen. */
export function whenNear(target: Element): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      resolve();
    }, { rootMargin: '300px' });
    observer.observe(target);
  });
}
