import assert from 'node:assert/strict';
import { test } from 'node:test';

import { breakLines } from '../../site_template/src/core/lines.ts';

const measure = (line: string): number => [...line].reduce((sum, letter) => sum + (letter > '⺀' ? 2 : 1), 0);

test('words stay whole and lines keep their width', () => {
  assert.deepEqual(breakLines('a stone lion of Takanawa', 8, measure), ['a stone', 'lion of', 'Takanawa']);
});

test('Chinese breaks anywhere, but no line begins with a closing mark', () => {
  const lines = breakLines('石狮子，立于高轮。', 8, measure);
  assert.equal(lines.join(''), '石狮子，立于高轮。');
  assert.ok(lines.every((line) => !/^[，。]/.test(line)), lines.join('|'));
});

test('what does not fit is cut with an ellipsis', () => {
  const lines = breakLines('one two three four five six', 8, measure, 2);
  assert.equal(lines.length, 2);
  assert.ok(lines[1]!.endsWith('…') && measure(lines[1]!) <= 8);
  assert.deepEqual(breakLines('', 8, measure), []);
});
