// The one entry of every page: starts what the page asks for (see CONTRACT.md).

import { readPage } from './main/page.ts';

const page = readPage();
if (page.kind === 'relic') void import('./main/relic.ts').then(({ startRelicPage }) => startRelicPage(page));
