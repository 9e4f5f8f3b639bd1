import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ModelLevel } from '../../site_template/src/core/exhibition.ts';
import { chooseLevels, planViewer, type Seen } from '../../site_template/src/core/levels.ts';

const level = (name: ModelLevel['name'], triangles: number, url = `${name}.glb`): ModelLevel =>
  ({ name, url, triangles, texture_px: 1, bytes: 1, gpu_bytes: 1 });
const all = [level('thumb', 8_000), level('room', 20_000), level('hero', 150_000), level('inspect', 300_000)];
const seen = (id: string, distance_m: number, current: string | null = null, levels = all): Seen =>
  ({ id, distance_m, reach_m: 0.5, levels, current });

test('a relic page goes from thumb to hero and offers the finest', () => {
  const plan = planViewer(all)!;
  assert.deepEqual([plan.first.name, plan.main.name, plan.finest?.name], ['thumb', 'hero', 'inspect']);
});

test('a finest level that is the hero again is not offered', () => {
  assert.equal(planViewer([...all.slice(0, 3), level('inspect', 150_000, 'hero.glb')])!.finest, null);
});

test('whatever levels there are, there is a plan; without any there is none', () => {
  assert.equal(planViewer([]), null);
  assert.equal(planViewer([level('room', 1)])!.main.name, 'room');
  assert.equal(planViewer([level('thumb', 1)])!.main.name, 'thumb');
});

test('near relics get the room level, far ones the thumb', () => {
  const chosen = chooseLevels([seen('near', 2), seen('far', 20)]);
  assert.deepEqual([chosen.get('near')!.name, chosen.get('far')!.name], ['room', 'thumb']);
});

test('a big relic counts as near from farther away', () => {
  assert.equal(chooseLevels([{ ...seen('lion', 9), reach_m: 4.5 }]).get('lion')!.name, 'room');
});

test('a relic at the line keeps what it has', () => {
  assert.equal(chooseLevels([seen('a', 5.5)]).get('a')!.name, 'thumb');
  assert.equal(chooseLevels([seen('a', 5.5, 'room.glb')]).get('a')!.name, 'room');
});

test('the budget of triangles is kept, nearest relics first', () => {
  const crowd = Array.from({ length: 30 }, (_, index) => seen(`r${index}`, 1 + index / 10));
  const chosen = chooseLevels(crowd, 290_000);
  const spent = [...chosen.values()].reduce((sum, one) => sum + one.triangles, 0);
  assert.ok(spent <= 290_000, `${spent}`);
  assert.equal(chosen.get('r0')!.name, 'room');
  assert.equal(chosen.get('r29')!.name, 'thumb');
});

test('a relic without models is left out', () => {
  assert.equal(chooseLevels([seen('none', 1, null, [])]).size, 0);
});
