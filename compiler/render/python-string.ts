import { escapeUnprintable, hex } from './unprintable.ts';
import { displayWidth } from './width.ts';

const named: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r' };

function escapeCodePoint(codePoint: number): string {
  if (codePoint in named) return named[codePoint] as string;
  if (codePoint <= 0xff) return `\\x${hex(codePoint, 2)}`;
  if (codePoint <= 0xffff) return `\\u${hex(codePoint, 4)}`;
  return `\\U${hex(codePoint, 8)}`;
}

export function escapePython(text: string): string {
  return escapeUnprintable(text.replaceAll('\\', '\\\\'), escapeCodePoint);
}

/** A string literal as `ruff format` writes it: double quotes, unless single ones need fewer escapes. */
export function pythonString(text: string): string {
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  const quote = doubles > singles ? "'" : '"';
  return `${quote}${escapePython(text).replaceAll(quote, `\\${quote}`)}${quote}`;
}

/** `text` cut, after spaces where it has some, into pieces whose literals take at most `room` columns. */
export function splitString(text: string, room: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of words(text, room)) {
    if (piece !== '' && !fits(piece + word, room)) {
      pieces.push(piece);
      piece = '';
    }
    piece += word;
  }
  return [...pieces, piece];
}

function words(text: string, room: number): string[] {
  return text.split(/(?<=[ \n])/).flatMap((word) => (fits(word, room) ? [word] : [...word]));
}

function fits(text: string, room: number): boolean {
  return displayWidth(pythonString(text)) <= room;
}
