// A relic's label as a board that hangs in the room, with buttons for the ray.

import { Mesh, MeshBasicMaterial, PlaneGeometry, Raycaster, Vector3 } from 'three';

import type { Vector } from '../core/exhibition.ts';
import { disposeTree } from '../three/dispose.ts';
import { createCanvas, FONTS, writeParagraphs } from '../three/text-panel.ts';

export interface PanelText {
  title: string;
  body: string;
  language: string;
}

/** A button of the board. */
export interface PanelButton {
  label: string;
  act(): void;
}

export interface Panel {
  object3d: Mesh;
  open(text: PanelText, buttons: readonly PanelButton[], at: Vector, eye: Vector): void;
  close(): void;
  /** Distance at which a ray meets the board, and the button there. */
  meet(origin: Vector, direction: Vector): { distance_m: number; button: PanelButton | null } | null;
  dispose(): void;
}

/** Not white: a board that fills half the view must not dazzle. */
const PAPER = '#e9e2d4';
const WIDTH_PX = 1024;
const HEIGHT_PX = 720;
const WIDTH_M = 0.9;
const MARGIN_PX = 56;
const BUTTON_PX = 96;

export function createPanel(accent: string, anisotropy: number): Panel {
  const { pen, texture } = createCanvas(WIDTH_PX, HEIGHT_PX, anisotropy);
  const object3d = new Mesh(
    new PlaneGeometry(WIDTH_M, (WIDTH_M * HEIGHT_PX) / WIDTH_PX),
    new MeshBasicMaterial({ map: texture, toneMapped: false }),
  );
  object3d.visible = false;
  let placed: { button: PanelButton; left: number; right: number }[] = [];
  const rays = new Raycaster();

  const draw = (text: PanelText, buttons: readonly PanelButton[]): void => {
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
    pen.fillStyle = accent;
    pen.fillRect(0, 0, WIDTH_PX, 12);
    writeParagraphs(pen, [
      { text: text.title, size_px: 60, color: '#1f1a16', weight: 600, lines: 2 },
      { text: text.body, size_px: 46, color: '#3b342d', lines: 6, gap_px: 20 },
    ], MARGIN_PX, 44, WIDTH_PX - 2 * MARGIN_PX, text.language);
    let left = MARGIN_PX;
    pen.font = `600 38px ${FONTS}`;
    placed = buttons.map((button) => {
      const width = pen.measureText(button.label).width + 64;
      pen.fillStyle = '#2a241f';
      pen.fillRect(left, HEIGHT_PX - MARGIN_PX - BUTTON_PX, width, BUTTON_PX);
      pen.fillStyle = PAPER;
      pen.fillText(button.label, left + 32, HEIGHT_PX - MARGIN_PX - BUTTON_PX / 2 + 13);
      const place = { button, left, right: left + width };
      left += width + 24;
      return place;
    });
    texture.needsUpdate = true;
  };

  return {
    object3d,
    open: (text, buttons, at, eye) => {
      draw(text, buttons);
      object3d.position.set(...at);
      object3d.lookAt(new Vector3(...eye));
      object3d.updateMatrixWorld();
      object3d.visible = true;
    },
    close: () => {
      object3d.visible = false;
    },
    meet: (origin, direction) => {
      if (!object3d.visible) return null;
      rays.set(new Vector3(...origin), new Vector3(...direction));
      const hit = rays.intersectObject(object3d)[0];
      if (!hit?.uv) return null;
      const x = hit.uv.x * WIDTH_PX;
      const from_bottom = hit.uv.y * HEIGHT_PX;
      const in_row = from_bottom > MARGIN_PX && from_bottom < MARGIN_PX + BUTTON_PX;
      const found = in_row ? placed.find(({ left, right }) => x >= left && x <= right) : undefined;
      return { distance_m: hit.distance, button: found?.button ?? null };
    },
    dispose: () => disposeTree(object3d),
  };
}
