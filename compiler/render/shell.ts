import { oneLine } from './unprintable.ts';

/** `text` as one word of a POSIX shell. A NUL cannot be passed to a program at all. */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw new Error(`${JSON.stringify(oneLine(text))} holds a NUL, which no shell word can`);
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
