/** Line length of everything that is laid out, as in `ruff format --line-length 100`. */
export const lineWidth = 100;

const WIDE = [
  '\\u1100-\\u115f',
  '\\u2e80-\\u303e',
  '\\u3041-\\ua4cf',
  '\\ua960-\\ua97c',
  '\\uac00-\\ud7a3',
  '\\uf900-\\ufaff',
  '\\ufe30-\\ufe6b',
  '\\uff01-\\uff60',
  '\\uffe0-\\uffe6',
  '\\u{16fe0}-\\u{18cff}',
  '\\u{1b000}-\\u{1b2ff}',
  '\\u{1f200}-\\u{1f265}',
  '\\u{20000}-\\u{3fffd}',
];
const wide = new RegExp(`[${WIDE.join('')}]|\\p{Emoji_Presentation}`, 'u');
const ascii = /^[\0-\x7f]*$/;
const combining = /\p{M}/u;

/** Columns that `text` takes in a terminal: ruff measures lines so, not by characters. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  if (character < '\u0300') return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
