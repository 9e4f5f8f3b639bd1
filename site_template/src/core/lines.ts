// Breaking text into lines: Latin words stay whole, Chinese breaks anywhere except where its typography forbids it.

const WIDE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/u;
/** Marks that may not begin a line (GB/T 15834, JIS X 4051). */
const NOT_FIRST = /^[，。、；：！？）】》〉」』”’…％·,.;:!?)\]}]/u;
/** Marks that may not end a line. */
const NOT_LAST = /[（【《〈「『“‘([{]$/u;

/** Break `text` into at most `most` lines no wider than `width`, as `measure` has it; what is left out ends in “…”. */
export function breakLines(text: string, width: number, measure: (line: string) => number, most = Infinity): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text)) {
    if (line && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  if (line.trim()) lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  let last = lines[most - 1] ?? '';
  while (last && measure(`${last}…`) > width) last = [...last].slice(0, -1).join('');
  return [...lines.slice(0, most - 1), `${last.trimEnd()}…`];
}

/** The pieces between which a line may break. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const part of text.replace(/\s+/gu, ' ').match(/[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+ ?|[^]/gu) ?? []) {
    const before = pieces.at(-1);
    const joins = before !== undefined && (NOT_FIRST.test(part) || NOT_LAST.test(before) || part === ' ');
    if (joins) pieces[pieces.length - 1] = before + part;
    else pieces.push(part);
  }
  return pieces;
}

/** Whether `text` is written in a script whose letters are square. */
export const isWide = (text: string): boolean => WIDE.test(text);
