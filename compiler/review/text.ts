/**
 * Texts of the specs in other languages' texts. A description, an expression, the name of a file may hold anything, and
 * nothing of it may become a mention, a link, a tag or the end of what it stands in.
 */
import { printable } from '../diagnostics/printable.ts';

/** One line of what can be printed, and not longer than is read. */
function tame(text: string, longest: number): string {
  const line = printable(text.replace(/\s+/g, ' ').replace(/[\uD800-\uDFFF]/gu, '\ufffd')).trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}

/** Not seen, and keeps what follows from being taken for the rest of a name or an address. */
const APART = '\u200b';

/** GitHub looks for these in the finished text, where an entity is a character again. */
const apart = (text: string): string =>
  text
    .replace(/@/g, `@${APART}`)
    .replace(/#(?=\w)/g, `#${APART}`)
    .replace(/:(?=\/\/)/g, `:${APART}`)
    .replace(/\bwww(?=\.)/gi, `$&${APART}`)
    .replace(/\bGH(?=-\d)/gi, `$&${APART}`);

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

const LONGEST_SENTENCE = 600;
const LONGEST_NAME = 200;

/** Within a line of Markdown that has begun: what could begin a block stands nowhere at the start of one. */
export const prose = (text: string): string =>
  apart(tame(text, LONGEST_SENTENCE)).replace(/[&<>\\`*[\]|~$^]|(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])/g, (character) =>
    entity(character),
  );

/** A name, a path or a command. */
export function code(text: string): string {
  const line = tame(text, LONGEST_NAME);
  return line === '' || /[`|$\\]/.test(line) ? `<code>${prose(line)}</code>` : `\`${line}\``;
}

export const html = (text: string): string =>
  tame(text, LONGEST_SENTENCE).replace(/[&<>"'`=]/g, (each) => entity(each));

/** Within the quotes of a node of Mermaid, which has escapes of its own. */
export const label = (text: string): string =>
  tame(text, 60).replace(/[^\p{L}\p{N} _.,:/()…-]/gu, (character) => `#${character.codePointAt(0)};`);

/** A text of Graphviz's DOT, with its quotes; a line break in it is one. */
export const quoted = (text: string): string =>
  `"${text
    .split('\n')
    .map((line) => tame(line, LONGEST_NAME).replace(/[\\"]/g, '\\$&'))
    .join('\\n')}"`;
