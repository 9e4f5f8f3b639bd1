// The labels at the relics: all on one picture and in one draw call.

import { BufferGeometry, Float32BufferAttribute, Mesh, MeshBasicMaterial, Matrix4, Euler } from 'three';

import type { PlacedRelic, RoomLook } from '../core/exhibition.ts';
import { breakLines } from '../core/lines.ts';
import { radians } from '../core/orbit.ts';
import { disposeTree } from './dispose.ts';
import { type Canvas, createCanvas, FONTS, writeParagraphs } from './text-panel.ts';

/** What stands on one label. */
export interface LabelText {
  title: string;
  /** The title in the site's other language, or nothing. */
  other_title: string;
  language: string;
}

const CELL = { width: 512, height: 256 } as const;
const COLUMNS = 8;
/** A title is written smaller before it is cut. */
const TITLE_PX = { most: 50, least: 36 } as const;
const WIDTH_M = 0.26;
/** A plinth lower than this is too low for a label on its front; it then leans on the foot. */
const LOWEST_FRONT_M = 0.45;

export function createLabels(
  relics: readonly PlacedRelic[], textOf: (relic: PlacedRelic) => LabelText, look: RoomLook, anisotropy: number,
): { object3d: Mesh; dispose(): void } {
  const columns = Math.min(COLUMNS, Math.max(1, relics.length));
  const rows = Math.max(1, Math.ceil(relics.length / columns));
  const canvas = createCanvas(columns * CELL.width, rows * CELL.height, anisotropy);
  const positions: number[] = [];
  const uvs: number[] = [];
  const index: number[] = [];
  relics.forEach((relic, number) => {
    const column = number % columns;
    const row = Math.floor(number / columns);
    drawLabel(canvas, column * CELL.width, row * CELL.height, relic.number, textOf(relic), look);
    positions.push(...cornersOf(relic));
    const [left, right, top, bottom] = [column / columns, (column + 1) / columns, 1 - row / rows, 1 - (row + 1) / rows];
    uvs.push(left, top, right, top, left, bottom, right, bottom);
    const first = number * 4;
    index.push(first, first + 2, first + 1, first + 2, first + 3, first + 1);
  });
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute('uv', new Float32BufferAttribute(uvs, 2));
  geometry.setIndex(index);
  const object3d = new Mesh(geometry, new MeshBasicMaterial({ map: canvas.texture }));
  return { object3d, dispose: () => disposeTree(object3d) };
}

function drawLabel({ pen }: Canvas, x: number, y: number, number: number, text: LabelText, look: RoomLook): void {
  pen.fillStyle = '#fbf7ef';
  pen.fillRect(x, y, CELL.width, CELL.height);
  pen.fillStyle = look.trim;
  pen.fillRect(x, y, 10, CELL.height);
  const inner = CELL.width - 74;
  let size_px: number = TITLE_PX.most;
  const fits = (): boolean => {
    pen.font = `600 ${size_px}px ${FONTS}`;
    return breakLines(text.title, inner, (part) => pen.measureText(part).width).length <= 2;
  };
  while (size_px > TITLE_PX.least && !fits()) size_px -= 1;
  const below = writeParagraphs(pen, [
    { text: `${number}`, size_px: 34, color: look.trim, weight: 600 },
    { text: text.title, size_px, color: '#1f1a16', weight: 600, lines: 2, gap_px: 2 },
  ], x + 40, y + 18, inner, text.language);
  const has_room = below - y < CELL.height - 52;
  if (has_room) writeParagraphs(pen, [{ text: text.other_title, size_px: 30, color: '#5f564c', lines: 1 }], x + 40, below + 2, inner, text.language);
}

/** Upper left, upper right, lower left, lower right corner in the room. */
function cornersOf({ position, yaw_deg, plinth }: PlacedRelic): number[] {
  const is_tall = plinth.height >= LOWEST_FRONT_M;
  const width = is_tall ? Math.min(WIDTH_M, plinth.width - 0.06) : WIDTH_M * 1.5;
  const height = (width * CELL.height) / CELL.width;
  const place = is_tall
    ? new Matrix4().makeTranslation(0, plinth.height - height / 2 - 0.09, plinth.depth / 2 + 0.004)
    : new Matrix4().makeTranslation(0, height * 0.36, plinth.depth / 2 + height * 0.42)
      .multiply(new Matrix4().makeRotationX(-radians(48)));
  const world = new Matrix4().makeRotationFromEuler(new Euler(0, radians(yaw_deg), 0)).setPosition(position[0], 0, position[2]).multiply(place);
  const corners = new Float32BufferAttribute([-width / 2, height / 2, 0, width / 2, height / 2, 0, -width / 2, -height / 2, 0, width / 2, -height / 2, 0], 3);
  return [...corners.applyMatrix4(world).array];
}
