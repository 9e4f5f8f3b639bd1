import assert from 'node:assert/strict';
import { test } from 'node:test';

import { throwArc } from '../../site_template/src/core/arc.ts';
import type { Vector } from '../../site_template/src/core/exhibition.ts';
import { pick } from '../../site_template/src/core/pick.ts';
import { bringHead, turnAboutHead } from '../../site_template/src/core/rig.ts';
import { createStickReader, stickOf } from '../../site_template/src/core/stick.ts';
import { close, hall, relics, room } from './gallery.ts';

const door = { width: 1.5, height: 2.3 };
const unit = (x: number, y: number, z: number): Vector => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};
const meet = (origin: Vector, direction: Vector) => pick(hall, room, relics, door, origin, direction);

test('an arc falls on the floor before the hand, as far as physics has it', () => {
  const arc = throwArc(hall, [0, 1.3, 4], unit(0, 0, -1));
  const flight_s = Math.sqrt((2 * 1.3) / 9.8);
  assert.equal(arc.is_valid, true);
  assert.ok(close(arc.end[2], 4 - 6.5 * flight_s, 0.1), `${arc.end[2]}`);
  assert.equal(arc.end[1], 0);
});

test('one lands neither on a plinth, nor behind it, nor outside', () => {
  assert.equal(throwArc(hall, [-2, 1.4, 1], unit(0, -0.2, -1)).is_valid, false, 'through the plinth');
  assert.equal(throwArc(hall, [-2, 1.3, 1.2], unit(0, -1, -0.65)).is_valid, false, 'beside the plinth, too near');
  assert.equal(throwArc(hall, [3.5, 1.3, 0], unit(1, 0, 0)).is_valid, false, 'through the wall');
  assert.equal(throwArc(hall, [0, 1.6, 0], unit(0, 1, 0)).is_valid, false, 'at the ceiling');
  assert.equal(throwArc(hall, [0, 1.3, 4], unit(0, -1, 0)).is_valid, true, 'at one\'s feet');
});

test('a throw without sense ends', () => {
  assert.equal(throwArc(hall, [0, 1.3, 4], [Number.NaN, 0, 0]).is_valid, false);
});

test('a ray meets the relic, its plinth, the floor or the door, whichever is first', () => {
  assert.deepEqual(meet([0, 1.1, 0], [-1, 0, 0]), { kind: 'relic', relic: relics[0], distance_m: 1.8 });
  assert.equal(meet([0, 0.5, 0], [1, 0, 0])?.kind, 'relic');
  const floor = meet([0, 1.6, 2], unit(0, -1, -1));
  assert.ok(floor?.kind === 'floor' && close(floor.spot.z, 0.4));
  assert.equal(meet([0, 1.6, 2], [0, 0, 1])?.kind, 'door');
  assert.equal(meet([2, 1.6, 2], [0, 0, 1]), null);
  assert.equal(meet([0, 1.6, 2], [0, 1, 0]), null);
});

test('the door does not hide a relic before it', () => {
  const before = [...relics, { ...relics[0]!, id: 'guard', position: [0, 0.9, 3] as Vector }];
  const met = pick(hall, room, before, door, [0, 1.1, 0], [0, 0, 1]);
  assert.ok(met?.kind === 'relic' && met.relic.id === 'guard');
});

test('a teleport brings the head, not the middle of the rig, to the place', () => {
  const rig = { x: 1, z: 1, yaw_deg: 40 };
  const moved = bringHead(rig, { x: 1.4, z: 0.8 }, { x: 0, z: 0 });
  assert.ok(close(moved.x, -0.4) && close(moved.z, 0.2));
  assert.equal(moved.yaw_deg, 40);
});

test('a snap turn leaves the head where it is', () => {
  const rig = { x: 1, z: 1, yaw_deg: 0 };
  const head = { x: 1, z: 0.5 };
  const turned = turnAboutHead(rig, head, 90);
  assert.equal(turned.yaw_deg, 90);
  // The head stood half a metre before the rig's middle; after a left turn "before" is −X.
  assert.ok(close(turned.x - head.x, 0.5) && close(turned.z, head.z), JSON.stringify(turned));
  const back = turnAboutHead(turned, head, -90);
  assert.ok(close(back.x, rig.x) && close(back.z, rig.z) && close(back.yaw_deg, 0));
});

test('one push of the stick is one event, until it is let go', () => {
  const read = createStickReader();
  assert.deepEqual([0, 0.5, 0.9, 1, 0.5, 0, -1, 0].map((x) => read({ x, y: 0 })),
    [null, null, 'turn_right', null, null, null, 'turn_left', null]);
});

test('the stick pushed forward aims, and lands when it is let go', () => {
  const read = createStickReader();
  assert.deepEqual([-1, -0.5, 0, 1, 0].map((y) => read({ x: 0, y })), ['aim', null, 'land', 'step_back', null]);
});

test('the stick is found on controllers and on touch pads', () => {
  assert.deepEqual(stickOf([0, 0, 0.5, -1]), { x: 0.5, y: -1 });
  assert.deepEqual(stickOf([0.5, -1]), { x: 0.5, y: -1 });
  assert.deepEqual(stickOf([]), { x: 0, y: 0 });
});
