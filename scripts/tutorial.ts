/**
 * A tutorial, as it is written: fenced blocks of a Markdown file, in order. `sh` is run (`sh fails` must fail), a
 * `diff` with a path changes that file, `text` is what the commands before it print, with `…` for anything.
 */
export interface Block {
  language: string;
  /** What stands behind the language: a path, or `fails`. */
  about: string;
  text: string;
  line: number;
}

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const found: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, language, about = ''] = /^```(\w+) ?(.*)$/.exec(lines[at] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block has no end`);
    found.push({ language, about, text: lines.slice(at + 1, end).join('\n'), line: at + 1 });
    at = end;
  }
  return found;
}

/** A text with the lines of a diff replaced: those with `-`, which occur once, by those with `+`. */
export function changed(text: string, diff: string): string {
  const side = (sign: string): string =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(sign) || line.startsWith(' '))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const before = side('-');
  if (before === '' || text.split(before).length !== 2) throw new Error(`it does not hold once:\n${before}`);
  return text.replace(before, () => side('+'));
}

/** Whether output is what is shown: `…` is any text within a line, and alone on a line any lines. */
export function isShown(output: string, shown: string): boolean {
  const pattern = shown
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*?')}.*\n`))
    .join('');
  return new RegExp(`(^|\n)${pattern.replace(/\.\*\\n$/, '.*\n')}`).test(`${output}\n`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
