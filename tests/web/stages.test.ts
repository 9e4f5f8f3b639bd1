// From scan to relic as a number: what it shows, what an address asks for, how it gets there.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, changesAt, createStageState, type Gait, nearestStage, stageInHash } from '../../site_template/src/core/stages.ts';

test('an address asks for a stage, and nonsense for none', () => {
  assert.equal(stageInHash('#stage=points'), 'points');
  assert.equal(stageInHash('#a=1&stage=form'), 'form');
  for (const hash of ['', '#', '#stage=', '#stage=relic', '#points']) assert.equal(stageInHash(hash), null);
});

test('points become form first, and form surface only after it', () => {
  assert.deepEqual(changesAt(0), { formed: 0, coloured: 0 });
  assert.deepEqual(changesAt(0.25), { formed: 0.25, coloured: 0 });
  assert.deepEqual(changesAt(1), { formed: 1, coloured: 0 });
  assert.deepEqual(changesAt(1.75), { formed: 1, coloured: 0.75 });
  assert.deepEqual(changesAt(9), { formed: 1, coloured: 1 });
});

test('every value has a nearest stop and a place between two', () => {
  assert.deepEqual([-1, 0.4, 0.6, 1.4, 1.6, 7].map(nearestStage), ['points', 'points', 'form', 'form', 'surface', 'surface']);
  assert.deepEqual(between(0), { from: 'points', to: 'form', share: 0 });
  assert.deepEqual(between(2), { from: 'form', to: 'surface', share: 1 });
});

test('nothing below the form is shown before the points are there', () => {
  const state = createStageState();
  state.aim(0, 'follow');
  for (let frame = 0; frame < 200; frame += 1) state.advance(1 / 60, false);
  assert.equal(state.shown, 1);
  state.limit(0);
  for (let frame = 0; frame < 200; frame += 1) state.advance(1 / 60, false);
  assert.equal(state.shown, 0);
});

test('a click runs there at a pace to be watched, a drag is followed, less motion jumps', () => {
  const frames = (gait: Gait): number => {
    const state = createStageState();
    state.limit(0);
    state.aim(0, gait);
    let count = 1;
    while (state.advance(1 / 60, false)) count += 1;
    assert.equal(state.shown, 0);
    return count;
  };
  assert.ok(frames('run') > 90 && frames('run') < 180, String(frames('run')));
  assert.ok(frames('follow') < 45, String(frames('follow')));
  const state = createStageState();
  state.aim(1, 'run');
  assert.equal(state.advance(1 / 60, true), false);
  assert.equal(state.shown, 1);
});

test('a replay begins with the points, rests at the form, and takes some ten seconds', () => {
  const state = createStageState();
  state.limit(0);
  state.replay(0, 2);
  let seconds = 0;
  let at_form = 0;
  while (state.advance(1 / 60, false)) {
    seconds += 1 / 60;
    if (state.shown === 1) at_form += 1;
    if (seconds < 0.8) assert.equal(state.shown, 0);
  }
  assert.equal(state.shown, 2);
  assert.ok(seconds > 7 && seconds < 11, String(seconds));
  assert.ok(at_form > 40, String(at_form));
});
