// What a place in the picture of the room means.

import { Vector2, Vector3 } from 'three';

import type { PlacedRelic, RoomShape, Vector } from '../core/exhibition.ts';
import { pick, type Target } from '../core/pick.ts';
import { DOOR } from '../three/hall.ts';
import type { RoomScene } from '../three/room-scene.ts';

/** Return the function that tells what is seen at a place of the picture, 0 to 1 from its upper left corner. */
export function targetFinder(
  { camera, hall }: Pick<RoomScene, 'camera' | 'hall'>, room: RoomShape, relics: readonly PlacedRelic[],
): (x: number, y: number) => Target | null {
  return (x, y) => {
    const place = new Vector2(x * 2 - 1, 1 - y * 2);
    camera.updateMatrixWorld();
    const origin = camera.getWorldPosition(new Vector3());
    const direction = new Vector3(place.x, place.y, 0.5).unproject(camera).sub(origin).normalize();
    return pick(hall, room, relics, DOOR, origin.toArray() as Vector, direction.toArray() as Vector);
  };
}
