import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrivedSince, type Making, stateOf } from '../../site_template/src/core/making.ts';
import type { ExhibitionDocument } from '../../site_template/src/core/exhibition.ts';
import { relics } from './gallery.ts';

const exhibition = { relics } as unknown as ExhibitionDocument;
const making = (left: string, end: string, share = 0.5): Making => ({
  version: 1, done: false,
  relics: {
    left: { state: left as 'made', share }, end: { state: end as 'made', share }, gone: { state: 'failed', share },
  },
});

test('what is worked on is told, what waits or is finished is not', () => {
  const state = stateOf(making('making', 'waiting', 0.256), exhibition);
  assert.deepEqual(state.now.map(({ relic, percent }) => [relic.id, percent]), [['left', 26]]);
  assert.deepEqual([state.made, state.failed, state.total], [0, 1, 3]);
});

test('what failed counts as finished in the share of all', () => {
  assert.equal(stateOf(making('made', 'making', 0.5), exhibition).share, (1 + 0.5 + 1) / 3);
  assert.equal(stateOf({ version: 0, done: true, relics: {} }, exhibition).share, 1);
});

test('a relic arrives once, and not with the page', () => {
  assert.deepEqual(arrivedSince(null, making('made', 'waiting')), []);
  assert.deepEqual(arrivedSince(making('making', 'waiting'), making('made', 'waiting')), ['left']);
  assert.deepEqual(arrivedSince(making('made', 'waiting'), making('made', 'making')), []);
});
