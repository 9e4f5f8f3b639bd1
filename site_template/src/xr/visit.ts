// A visit in the headset: pointing, teleporting, turning, choosing relics, reading their labels, leaving.

import { type Group, type PerspectiveCamera, type Scene, Vector3, type WebGLRenderer } from 'three';

import { throwArc } from '../core/arc.ts';
import type { PlacedRelic, RoomShape, Vector } from '../core/exhibition.ts';
import { type Hall, isFree, pushFree, type Spot } from '../core/hall.ts';
import { degrees, radians } from '../core/orbit.ts';
import { pick } from '../core/pick.ts';
import { bringHead, type RigPose, turnAboutHead } from '../core/rig.ts';
import { createStickReader, type StickEvent, stickOf } from '../core/stick.ts';
import type { Stance } from '../core/walker.ts';
import { DOOR } from '../three/hall.ts';
import type { Highlight } from '../three/highlight.ts';
import { createHands, type Hand } from './hands.ts';
import { createPanel, type PanelButton, type PanelText } from './panel.ts';
import { createTeleportView } from './teleport-view.ts';

export interface VrVisitDeps {
  renderer: WebGLRenderer;
  scene: Scene;
  camera: PerspectiveCamera;
  rig: Group;
  hall: Hall;
  room: RoomShape;
  relics: readonly PlacedRelic[];
  highlight: Highlight;
  /** What the board says of a relic, and of the visit itself. */
  textOf(relic: PlacedRelic): PanelText;
  welcome: PanelText;
  words: { close: string; leave: string };
  /** Degrees of one snap turn. */
  turn_deg: number;
  chosen(relic: PlacedRelic | null): void;
  leave(): void;
}

export interface VrVisit {
  /** Stand where the visitor stood before the headset was put on. */
  begin(at: Stance): void;
  update(): void;
  /** Where the visitor stands and looks. */
  stance(): Stance;
  end(): void;
  dispose(): void;
}

const STEP_BACK_M = 0.6;
const REACH_M = 12;

export function createVrVisit(deps: VrVisitDeps): VrVisit {
  const { renderer, scene, camera, rig, hall, room, relics, highlight, words } = deps;
  const panel = createPanel(room.look.trim, renderer.capabilities.getMaxAnisotropy());
  const teleport = createTeleportView(room.look.light);
  scene.add(panel.object3d, teleport.object3d);
  const sticks = new Map<Hand, ReturnType<typeof createStickReader>>();
  let throwing: Hand | null = null;
  let arrival: Stance | null = null;
  let is_posed = false;

  const head = (): Vector3 => camera.getWorldPosition(new Vector3());
  const floorOfHead = (): Spot => ({ x: head().x, z: head().z });
  const pose = (): RigPose => ({ x: rig.position.x, z: rig.position.z, yaw_deg: degrees(rig.rotation.y) });
  const setPose = ({ x, z, yaw_deg }: RigPose): void => {
    rig.position.set(x, 0, z);
    rig.rotation.y = radians(yaw_deg);
    rig.updateMatrixWorld(true);
  };
  const goTo = (spot: Spot): void => setPose(bringHead(pose(), floorOfHead(), spot));

  const leaving: PanelButton = { label: words.leave, act: deps.leave };
  const closing: PanelButton = { label: words.close, act: () => choose(null) };
  const openBefore = (text: PanelText, distance_m: number, aside_deg: number): void => {
    const eye = head();
    const ahead = camera.getWorldDirection(new Vector3());
    const yaw = Math.atan2(ahead.x, ahead.z) + radians(aside_deg);
    const at: Vector = [eye.x + Math.sin(yaw) * distance_m, eye.y - 0.12, eye.z + Math.cos(yaw) * distance_m];
    panel.open(text, [closing, leaving], at, eye.toArray() as Vector);
  };
  const choose = (relic: PlacedRelic | null): void => {
    highlight.show(relic);
    deps.chosen(relic);
    // Aside of the gaze, so that the board does not hide what it tells of.
    if (relic) openBefore(deps.textOf(relic), 1.4, -28);
    else panel.close();
  };

  const press = (hand: Hand): void => {
    const { origin, direction } = hand.aim();
    const board = panel.meet(origin, direction);
    if (board) return board.button?.act();
    const target = pick(hall, room, relics, DOOR, origin, direction);
    if (target?.kind === 'relic') choose(target.relic);
    else if (target?.kind === 'door') openBefore(deps.welcome, 1.3, 0);
    else throwing = hand;
  };
  const release = (hand: Hand): void => {
    if (throwing !== hand) return;
    throwing = null;
    teleport.show(null);
    const { origin, direction } = hand.aim();
    const arc = throwArc(hall, origin, direction);
    if (arc.is_valid) goTo({ x: arc.end[0], z: arc.end[2] });
  };
  const { hands, dispose: disposeHands } = createHands(renderer, rig, room.look.light, { press, release });

  const obey = (hand: Hand, event: StickEvent | null): void => {
    if (event === 'turn_left' || event === 'turn_right') {
      setPose(turnAboutHead(pose(), floorOfHead(), event === 'turn_left' ? deps.turn_deg : -deps.turn_deg));
    } else if (event === 'aim') throwing = hand;
    else if (event === 'land') release(hand);
    else if (event === 'step_back') {
      const back = camera.getWorldDirection(new Vector3()).setY(0).normalize().multiplyScalar(-STEP_BACK_M).add(head());
      const spot = pushFree(hall, { x: back.x, z: back.z });
      if (isFree(hall, spot)) goTo(spot);
    }
  };
  const readSticks = (): void => {
    for (const hand of hands) {
      const axes = hand.source?.gamepad?.axes;
      if (!axes?.length) continue;
      const reader = sticks.get(hand) ?? createStickReader();
      sticks.set(hand, reader);
      obey(hand, reader(stickOf(axes)));
    }
  };
  const point = (): void => {
    for (const hand of hands) {
      if (!hand.source || throwing) {
        hand.showRay(0);
        continue;
      }
      const { origin, direction } = hand.aim();
      const target = pick(hall, room, relics, DOOR, origin, direction);
      hand.showRay(Math.min(panel.meet(origin, direction)?.distance_m ?? target?.distance_m ?? REACH_M, REACH_M));
    }
    if (throwing) {
      const { origin, direction } = throwing.aim();
      teleport.show(throwArc(hall, origin, direction));
    }
  };

  return {
    begin: (at) => {
      arrival = at;
      is_posed = false;
      setPose(at);
    },
    update: () => {
      // The headset's first pose comes with the first frame that is drawn.
      if (!is_posed) {
        is_posed = true;
        return;
      }
      if (arrival) {
        // The head may stand aside of the middle of the visitor's own space.
        goTo(arrival);
        arrival = null;
        openBefore(deps.welcome, 1.7, 24);
      }
      readSticks();
      point();
    },
    stance: () => {
      const ahead = camera.getWorldDirection(new Vector3());
      return { ...floorOfHead(), yaw_deg: degrees(Math.atan2(-ahead.x, -ahead.z)), pitch_deg: 0 };
    },
    end: () => {
      throwing = null;
      teleport.show(null);
      panel.close();
    },
    dispose: () => {
      disposeHands();
      panel.dispose();
      teleport.dispose();
    },
  };
}
