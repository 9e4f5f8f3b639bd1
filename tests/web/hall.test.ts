import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BODY_M, gapTo, inside, isClear, isFree, outside, pushFree } from '../../site_template/src/core/hall.ts';
import { findRoute } from '../../site_template/src/core/route.ts';
import { stanceBefore, relicAt } from '../../site_template/src/core/visit.ts';
import { createWalker, yawTowards } from '../../site_template/src/core/walker.ts';
import { close, hall, relics } from './gallery.ts';

const box = { x: 1, z: 2, half_width: 0.5, half_depth: 0.25, yaw_deg: 30, height: 1 };
const entrance = { x: 0, z: 4, yaw_deg: 0, pitch_deg: 0 };
const walkFor = (walker: ReturnType<typeof createWalker>, seconds: number): void => {
  for (let frame = 0; frame < seconds * 60; frame += 1) walker.advance(1 / 60, false);
};

test('a turned box has its own directions, there and back', () => {
  const spot = { x: 1.7, z: 1.1 };
  const back = outside(box, inside(box, spot));
  assert.ok(close(back.x, spot.x) && close(back.z, spot.z));
  // The box's front (+Z of its own) lies where a relic turned by 30 degrees looks: towards +X and +Z.
  const front = outside(box, { x: 0, z: 1 });
  assert.ok(close(front.x, 1.5) && close(front.z, 2 + Math.cos(Math.PI / 6)));
});

test('the gap to a box is measured from its sides and corners', () => {
  const straight = { ...box, yaw_deg: 0 };
  assert.ok(close(gapTo(straight, { x: 2.5, z: 2 }), 1));
  assert.ok(close(gapTo(straight, { x: 1.5 + 0.3, z: 2.25 + 0.4 }), 0.5));
  assert.ok(gapTo(straight, { x: 1, z: 2 }) < 0);
});

test('one stands neither in a wall nor in a plinth', () => {
  assert.equal(isFree(hall, { x: 0, z: 4 }), true);
  assert.equal(isFree(hall, { x: 3.9, z: 0 }), false);
  assert.equal(isFree(hall, { x: -2, z: 0.4 }), false);
});

test('from anywhere, even the middle of a plinth or outside, one is pushed to where one can stand', () => {
  for (const spot of [{ x: -2, z: 0 }, { x: 99, z: -99 }, { x: 2.1, z: -0.2 }, { x: 0, z: -3.5 }]) {
    assert.ok(isFree(hall, pushFree(hall, spot)), JSON.stringify(spot));
  }
  assert.deepEqual(pushFree(hall, { x: 0, z: 0 }), { x: 0, z: 0 });
});

test('a route leads round a plinth and nowhere through it', () => {
  const from = { x: -3.3, z: 0 };
  const to = { x: -0.7, z: 0 };
  assert.equal(isClear(hall, from, to), false);
  const route = findRoute(hall, from, to);
  assert.deepEqual(route.at(-1), to);
  [from, ...route].reduce((a, b) => {
    assert.ok(isClear(hall, a, b), `${JSON.stringify(a)} to ${JSON.stringify(b)}`);
    return b;
  });
  assert.ok(route.length <= 5, 'needless corners');
});

test('a route to a plinth ends beside it, and where the way is free it is straight', () => {
  assert.equal(findRoute(hall, { x: 0, z: 4 }, { x: 0, z: 0 }).length, 1);
  const end = findRoute(hall, { x: 0, z: 4 }, { x: -2, z: 0 }).at(-1)!;
  assert.ok(close(gapTo(hall.obstacles[0]!, end), BODY_M, 1e-3));
});

test('walking goes forward at walking pace and a wall stops it', () => {
  const walker = createWalker(hall, entrance);
  walker.hold('forward', true);
  walkFor(walker, 1);
  assert.ok(close(walker.stance.z, 4 - 1.6, 0.05));
  assert.equal(walker.is_blocked, false);
  walkFor(walker, 10);
  assert.ok(isFree(hall, walker.stance));
  assert.ok(walker.stance.z > -3.5, 'the plinth at the end stands in the way');
  assert.equal(walker.is_blocked, true);
  walker.hold('forward', false);
  assert.equal(walker.advance(1 / 60, false), false);
});

test('left, right and turns go where they say', () => {
  const walker = createWalker(hall, { ...entrance, z: 0 });
  walker.hold('right', true);
  walkFor(walker, 0.25);
  assert.ok(walker.stance.x > 0.3 && close(walker.stance.z, 0));
  walker.hold('right', false);
  walker.hold('turn_left', true);
  walkFor(walker, 0.2);
  assert.ok(walker.stance.yaw_deg > 10);
});

test('walking to a relic ends before its front, looking at it', () => {
  const walker = createWalker(hall, entrance);
  const goal = stanceBefore(relics[0]!, hall);
  assert.ok(goal.x > -2, 'its front faces the way');
  assert.equal(walker.goTo(goal), true);
  walkFor(walker, 6);
  assert.ok(close(walker.stance.x, goal.x) && close(walker.stance.z, goal.z));
  assert.ok(close(walker.stance.yaw_deg, 90, 0.5));
  assert.equal(relicAt(relics, hall.obstacles, walker.stance)?.id, 'left');
});

test('with less motion wished for, the way is a cut', () => {
  const walker = createWalker(hall, entrance);
  const goal = stanceBefore(relics[1]!, hall);
  walker.goTo(goal);
  walker.advance(1 / 60, true);
  assert.deepEqual(walker.stance, goal);
});

test('between two relics one stands before the one looked at, and before none in the middle of nowhere', () => {
  const between = { x: 0, z: 0, yaw_deg: 0, pitch_deg: 0 };
  assert.equal(relicAt(relics, hall.obstacles, { ...between, z: 3.9 }), null);
  const near = { x: -0.9, z: 0, pitch_deg: 0 };
  assert.equal(relicAt(relics, hall.obstacles, { ...near, yaw_deg: 90 })?.id, 'left');
});

test('yaw 0 looks into the room, and to the left is positive', () => {
  assert.equal(yawTowards({ x: 0, z: 4 }, { x: 0, z: 0 }), 0);
  assert.equal(yawTowards({ x: 0, z: 0 }, { x: -1, z: 0 }), 90);
});
