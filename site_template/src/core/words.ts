// Every word the scripts say. The words themselves are in exhibit/locales/<language>.toml, table [ui].

export const WORDS = [
  'viewer.canvas', 'viewer.hint', 'viewer.loading', 'viewer.loading_share', 'viewer.ready', 'viewer.finest_ready',
  'viewer.failed', 'viewer.no_webgl', 'viewer.context_lost', 'viewer.context_back',
  'viewer.controls', 'viewer.turn_left', 'viewer.turn_right', 'viewer.turn_up', 'viewer.turn_down',
  'viewer.nearer', 'viewer.farther', 'viewer.move_left', 'viewer.move_right', 'viewer.move_up', 'viewer.move_down',
  'viewer.reset', 'viewer.turntable', 'viewer.fullscreen', 'viewer.fullscreen_leave', 'viewer.finest', 'viewer.views',
  'viewer.turn', 'viewer.move', 'viewer.detail', 'viewer.more', 'viewer.hint_touch',
  'view.front', 'view.right', 'view.back', 'view.left', 'view.top',
  'view.turned_left', 'view.turned_right', 'view.above', 'view.below',
  'stage.label', 'stage.play', 'stage.between', 'stage.loading', 'stage.failed',
  'room.canvas', 'room.hint', 'room.loading', 'room.ready', 'room.failed', 'room.no_webgl', 'room.entered',
  'room.here', 'room.near', 'room.relics', 'room.go_to', 'room.at_relic', 'room.moved', 'room.blocked',
  'room.turn_left', 'room.turn_right', 'room.forward', 'room.backward', 'room.controls',
  'room.open_page', 'room.play', 'room.pause', 'room.close', 'room.panel',
  'making.title', 'making.count', 'making.light', 'making.now', 'making.failed', 'making.arrived', 'making.stopped',
  'vr.enter', 'vr.leave', 'vr.unsupported', 'vr.insecure', 'vr.entered', 'vr.ended', 'vr.failed', 'vr.close', 'vr.hint',
] as const;

export type Word = (typeof WORDS)[number];

/** Say a word of the page's language, with `{name}` replaced by the values. */
export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

/** Words from a page's table; a word it lacks is shown as its key, so that the gap is seen and not silent. */
export function createWords(table: Readonly<Record<string, string>>): Say {
  return (word, values = {}) =>
    (table[word] ?? word).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** `text` in `language`, else in the first of `languages` that has it, else in any. */
export function inLanguage(text: Readonly<Record<string, string>>, language: string, languages: readonly string[]): string {
  const found = [language, ...languages].find((tag) => text[tag]);
  return (found ? text[found] : Object.values(text).find(Boolean)) ?? '';
}
