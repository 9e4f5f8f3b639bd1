import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cueAt, startOf } from '../../site_template/src/core/cues.ts';
import { extensionsOf } from '../../site_template/src/core/glb.ts';
import { sayView } from '../../site_template/src/core/spoken.ts';
import { createWords, inLanguage } from '../../site_template/src/core/words.ts';

test('words take their values, and a missing word shows as its key', () => {
  const say = createWords({ 'viewer.canvas': '{title}的三维模型 {title}' });
  assert.equal(say('viewer.canvas', { title: '狮' }), '狮的三维模型 狮');
  assert.equal(say('viewer.reset'), 'viewer.reset');
  assert.equal(say('viewer.canvas'), '{title}的三维模型 {title}');
});

test('a view is spoken in the order of the language', () => {
  const say = createWords({ 'view.front': 'front', 'view.turned_left': '{side}, {degrees}° left', 'view.above': '{view}, from above' });
  assert.equal(sayView(say, { side: 'front', turned_deg: 30, turned_to: 'left', height: 'above' }), 'front, 30° left, from above');
});

test('a text falls back to the other languages of the site, then to any', () => {
  assert.equal(inLanguage({ en: 'Lion', 'zh-Hans': '狮' }, 'zh-Hans', ['en']), '狮');
  assert.equal(inLanguage({ en: 'Lion', fr: 'Lion f' }, 'zh-Hans', ['fr', 'en']), 'Lion f');
  assert.equal(inLanguage({ de: 'Löwe' }, 'en', ['en']), 'Löwe');
  assert.equal(inLanguage({}, 'en', ['en']), '');
});

test('the cue of a moment is found, and none in a pause', () => {
  const cues = [{ start_s: 0.5, end_s: 1.5, text: 'a' }, { start_s: 2, end_s: 3, text: 'b' }];
  assert.deepEqual([0, 0.5, 1.49, 1.5, 2.2, 3].map((time) => cueAt(cues, time)), [-1, 0, 0, -1, 1, -1]);
  assert.deepEqual([startOf(cues, 1), startOf(cues, 7)], [2, null]);
});

const glb = (json: string, magic = 'glTF'): ArrayBuffer => {
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(20 + text.length);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  view.setUint32(12, text.length, true);
  view.setUint32(16, 0x4e4f534a, true);
  bytes.set(text, 20);
  return bytes.buffer;
};

test('a GLB tells its extensions before it is parsed', () => {
  assert.deepEqual(extensionsOf(glb('{"extensionsUsed":["KHR_texture_basisu"]}')), ['KHR_texture_basisu']);
  assert.deepEqual(extensionsOf(glb('{}')), []);
});

test('what is not a GLB is refused', () => {
  assert.throws(() => extensionsOf(new ArrayBuffer(3)), /not a GLB/);
  assert.throws(() => extensionsOf(glb('{}', '<htm')), /not a GLB/);
  assert.throws(() => extensionsOf(glb('{}').slice(0, 21)), /broken GLB/);
});
