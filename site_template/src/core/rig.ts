// Moving the visitor's rig in VR: the head stands somewhere on it, and it is the head that has to arrive or stay.

import type { Spot } from './hall.ts';
import { radians, wrapDegrees } from './orbit.ts';

/** Where the rig stands and how it is turned; yaw as in `Stance`. */
export interface RigPose extends Spot {
  yaw_deg: number;
}

/** The rig moved so that the head comes to `to`. */
export const bringHead = (rig: RigPose, head: Spot, to: Spot): RigPose =>
  ({ ...rig, x: rig.x + to.x - head.x, z: rig.z + to.z - head.z });

/** The rig turned to the left by `turn_deg` about the head. */
export function turnAboutHead(rig: RigPose, head: Spot, turn_deg: number): RigPose {
  const turn = radians(turn_deg);
  const dx = rig.x - head.x;
  const dz = rig.z - head.z;
  return {
    x: head.x + Math.cos(turn) * dx + Math.sin(turn) * dz,
    z: head.z - Math.sin(turn) * dx + Math.cos(turn) * dz,
    yaw_deg: wrapDegrees(rig.yaw_deg + turn_deg),
  };
}
