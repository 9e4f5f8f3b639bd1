import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  approach, fitDistance, isSameView, limitView, nameView, NAMED_VIEWS, nearestTurn, orbitLimits, type OrbitView,
  panView, radians, viewOf, wrapDegrees,
} from '../../site_template/src/core/orbit.ts';
import { createViewerState, STEPS } from '../../site_template/src/core/viewer-state.ts';

const home: OrbitView = { yaw_deg: 0, pitch_deg: 8, distance_m: 2, target: [0, 0.5, 0] };
const limits = orbitLimits([1, 1, 1], 2);

test('angles wrap to the half circle either way', () => {
  assert.deepEqual([0, 180, 181, -180, 540, -90].map(wrapDegrees), [0, 180, -179, 180, 180, -90]);
});

test('a box fits into the frame from the fitting distance, however it is turned', () => {
  const size: [number, number, number] = [0.4, 1.5, 0.3];
  for (const aspect of [0.5, 1, 16 / 9]) {
    const distance = fitDistance(size, 28, aspect);
    const nearest = distance - Math.hypot(size[0], size[2]) / 2;
    const half_height = nearest * Math.tan(radians(14));
    assert.ok(half_height >= size[1] / 2);
    assert.ok(half_height * aspect >= Math.hypot(size[0], size[2]) / 2);
  }
});

test('limits hold pitch, distance and the target', () => {
  const wild = limitView({ yaw_deg: 700, pitch_deg: 200, distance_m: 1e-9, target: [50, 0, 0] }, limits);
  assert.equal(wild.pitch_deg, limits.max_pitch_deg);
  assert.equal(wild.distance_m, limits.min_distance_m);
  assert.ok(Math.hypot(wild.target[0], wild.target[1] - 0.5) <= limits.max_pan_m + 1e-9);
});

test('panning moves the target in the plane of the picture', () => {
  assert.deepEqual(panView({ ...home, pitch_deg: 0 }, 0.2, 0.1).target, [0.2, 0.6, 0]);
  const from_the_right = panView({ ...home, yaw_deg: 90, pitch_deg: 0 }, 0.2, 0).target;
  assert.ok(Math.abs(from_the_right[2] + 0.2) < 1e-12 && Math.abs(from_the_right[0]) < 1e-12);
});

test('a hotspot is looked at from where its surface faces', () => {
  assert.deepEqual(viewOf([0, 1, 0], [1, 0, 0], 2), { yaw_deg: 90, pitch_deg: 0, distance_m: 2, target: [0, 1, 0] });
  assert.equal(Math.round(viewOf([0, 1, 0], [0, 3, 0], 2).pitch_deg), 90);
  assert.equal(viewOf([0, 1, 0], [0, 0, 0], 2).pitch_deg, 0);
});

test('damped motion comes to rest exactly at its goal', () => {
  let view = home;
  const goal = { ...home, yaw_deg: 90, distance_m: 1 };
  let steps = 0;
  while (view !== goal && steps < 1000) {
    view = approach(view, goal, 1 / 60);
    steps += 1;
  }
  assert.equal(view, goal);
  assert.ok(steps > 10, 'the way has to be seen');
});

test('the way to a view is the short one', () => {
  assert.equal(nearestTurn({ ...home, yaw_deg: 350 }, home).yaw_deg, 360);
  assert.equal(nearestTurn({ ...home, yaw_deg: -800 }, { ...home, yaw_deg: -90 }).yaw_deg, -810);
});

test('views are named by side, turn and height', () => {
  const named = (yaw_deg: number, pitch_deg = 0) => nameView({ ...home, yaw_deg, pitch_deg });
  assert.deepEqual(named(0), { side: 'front', turned_deg: 0, turned_to: null, height: null });
  assert.deepEqual(named(-30), { side: 'front', turned_deg: 30, turned_to: 'left', height: null });
  assert.deepEqual(named(100, 30), { side: 'right', turned_deg: 10, turned_to: 'right', height: 'above' });
  assert.deepEqual(named(-175), { side: 'back', turned_deg: 5, turned_to: 'right', height: null });
  assert.equal(named(12, 80).side, 'top');
  for (const [name, view] of Object.entries(NAMED_VIEWS)) assert.equal(nameView({ ...home, ...view }).side, name);
});

test('every step has an opposite that brings the view back', () => {
  for (const [there, back] of [['turn_left', 'turn_right'], ['turn_up', 'turn_down'], ['nearer', 'farther'],
    ['move_left', 'move_right'], ['move_up', 'move_down']] as const) {
    const state = createViewerState(home, limits);
    state.step(STEPS[there]);
    assert.ok(!isSameView(state.goal, home), `${there} does nothing`);
    state.step(STEPS[back]);
    assert.ok(isSameView(state.goal, home), `${back} does not undo ${there}`);
  }
});

test('with less motion wished for the view cuts to its goal', () => {
  const state = createViewerState(home, limits);
  state.side('back');
  assert.equal(state.advance(1 / 60, true), true);
  assert.equal(state.shown, state.goal);
  assert.equal(state.advance(1 / 60, true), false);
});

test('a visitor who has not moved stays at home when the frame changes its shape; another keeps the view', () => {
  const state = createViewerState(home, limits);
  const farther = { ...home, distance_m: 3 };
  state.refit(farther, limits);
  assert.equal(state.shown.distance_m, 3);
  state.side('left');
  state.refit(home, limits);
  assert.equal(state.goal.yaw_deg, -90);
});
