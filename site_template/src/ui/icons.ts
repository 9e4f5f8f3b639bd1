// Small line drawings for buttons, in the colour of their text.

/** Paths on a field of 24 by 24. */
const PATHS = {
  reset: 'M5 4.5v5.2h5.2M5.6 9.7a7.4 7.4 0 1 1-.7 5.3',
  turntable: 'M17 9.2c2.3.7 3.8 1.9 3.8 3.3 0 2.2-3.9 4-8.8 4s-8.8-1.8-8.8-4 3.9-4 8.8-4h.6M10 5.5l3 3-3 3',
  nearer: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12ZM15 15l5 5M7.8 10.5h5.4M10.5 7.8v5.4',
  farther: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12ZM15 15l5 5M7.8 10.5h5.4',
  fullscreen: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  fullscreen_leave: 'M9 4.5V9H4.5M19.5 9H15V4.5M15 19.5V15h4.5M4.5 15H9v4.5',
  more: 'M4 7h8.5M16.5 7H20M4 12h2.5M10.5 12H20M4 17h6.5M14.5 17H20M14.5 5v4M8.5 10v4M12.5 15v4',
  finest: 'M12 3.5l2.2 6.3 6.3 2.2-6.3 2.2L12 20.5l-2.2-6.3L3.5 12l6.3-2.2Z',
  turn_left: 'M5 12.5c0-2.5 3.2-4.5 7-4.5s7 2 7 4.5-3.2 4.5-7 4.5M8.2 9.6 5 12.8 1.8 9.6',
  turn_right: 'M19 12.5C19 10 15.8 8 12 8s-7 2-7 4.5S8.2 17 12 17M15.8 9.6l3.2 3.2 3.2-3.2',
  turn_up: 'M5 18.5c7 0 11-4 11-11.5M12.5 10.5 16 7l3.5 3.5',
  turn_down: 'M5 5.5c7 0 11 4 11 11.5M12.5 13.5 16 17l3.5-3.5',
  move_left: 'M20 12H4.5M10 6.5 4.5 12l5.5 5.5',
  move_right: 'M4 12h15.5M14 6.5l5.5 5.5-5.5 5.5',
  move_up: 'M12 20V4.5M6.5 10 12 4.5l5.5 5.5',
  move_down: 'M12 4v15.5M6.5 14l5.5 5.5 5.5-5.5',
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** Draw an icon; those who listen are not told of it. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' })) {
    drawing.setAttribute(key, value);
  }
  path.setAttribute('d', PATHS[name]);
  drawing.append(path);
  return drawing;
}

/** Put another drawing into one that `icon` made. */
export function redraw(drawing: SVGSVGElement, name: IconName): void {
  drawing.firstElementChild?.setAttribute('d', PATHS[name]);
}
