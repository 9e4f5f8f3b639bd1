import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Vector } from '../../site_template/src/core/exhibition.ts';
import { bakeLight, crosses, relicLamps, type Surface, wallLamps } from '../../site_template/src/core/light.ts';
import { breakLines } from '../../site_template/src/core/lines.ts';
import { hall, relics, room } from './gallery.ts';

const floor: Surface = {
  origin: [-4, 0, -5], across: [8, 0, 0], down: [0, 0, 10], normal: [0, 1, 0], columns: 80, rows: 100, kind: 'floor',
};
const lamps = relicLamps(hall, relics);
const light = bakeLight(floor, hall, lamps);
const at = (x: number, z: number): { lamps: number; even: number } => {
  const texel = (Math.floor((z + 5) * 10) * 80 + Math.floor((x + 4) * 10)) * 2;
  return { lamps: light[texel]!, even: light[texel + 1]! };
};

test('every lamp hangs in the hall, before its relic and above it', () => {
  lamps.forEach((lamp, index) => {
    assert.ok(Math.abs(lamp.at[0]) < room.width / 2 && Math.abs(lamp.at[2]) < room.depth / 2);
    assert.ok(lamp.at[1] < room.height && lamp.at[1] > lamp.aim[1]);
    const turn = (relics[index]!.yaw_deg * Math.PI) / 180;
    const ahead = (lamp.at[0] - lamp.aim[0]) * Math.sin(turn) + (lamp.at[2] - lamp.aim[2]) * Math.cos(turn);
    assert.ok(ahead > 0.3, `lamp ${index} hangs behind its relic`);
  });
  assert.ok(wallLamps(hall).every(({ at: [x, , z] }) => Math.abs(x) < room.width / 2 && Math.abs(z) < room.depth / 2));
});

test('light falls beside a plinth, its shadow behind it', () => {
  assert.ok(at(-1.45, 0).lamps > 0.05, 'before the plinth');
  const behind = at(-2.6, 0.2);
  assert.ok(behind.lamps < at(-1.45, 0).lamps / 2, `${behind.lamps}`);
});

test('even light is weakest under plinths and in corners, and never negative', () => {
  assert.ok(at(-2, 0).even < 0.5);
  assert.ok(at(-3.95, -4.95).even < at(0, 2).even);
  assert.ok(light.every((value) => value >= 0 && Number.isFinite(value)));
});

test('a way over a box does not cross it, one through it does', () => {
  const box = { x: 0, z: 0, half_width: 0.5, half_depth: 0.5, yaw_deg: 45, height: 1 };
  const over: [Vector, Vector] = [[-2, 1.5, 0], [2, 1.2, 0]];
  assert.equal(crosses(box, ...over), false);
  assert.equal(crosses(box, [-2, 0.5, 0], [2, 0.5, 0]), true);
  // Outside the straight box, but inside the turned one.
  assert.equal(crosses(box, [0.6, 0.5, -0.05], [0.6, 0.5, 0.05]), true);
});

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
