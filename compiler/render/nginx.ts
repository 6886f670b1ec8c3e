/** nginx's configuration: words are encoded here, and a variable is one only where the code says so. */
import { escapeUnprintable } from './unprintable.ts';

/**
 * A word; `{variable}`: the value of an nginx variable; `{template}`: our own text, in which `$name` is one; `{empty}`:
 * the condition that a variable has no value.
 */
export type Word = string | { variable: string } | { template: string } | { empty: string };
/** A name, its words, and for a block what stands in it. */
export type Directive = [name: string, ...words: (Word | Directive[])[]];

export function nginx(directives: readonly Directive[]): string {
  return directives.map((directive) => line(directive, '')).join('');
}

function line([name, ...rest]: Directive, indent: string): string {
  const last = rest.at(-1);
  const block = Array.isArray(last) ? last : null;
  const words = (block ? rest.slice(0, -1) : rest) as Word[];
  const start = [name, ...words.map(nginxWord)].join(' ');
  if (!block) return `${indent}${start};\n`;
  return `${indent}${start} {\n${block.map((inner) => line(inner, `${indent}  `)).join('')}${indent}}\n`;
}

/** One argument of a directive. */
export function nginxWord(word: Word): string {
  if (typeof word !== 'string') {
    if ('empty' in word) return `($${identifier(word.empty)} = "")`;
    return 'variable' in word ? `$${identifier(word.variable)}` : quoted(word.template);
  }
  // There is no way to write one that nginx does not read as the start of a variable.
  if (word.includes('$')) throw new Error(`${JSON.stringify(word)} holds a '$', which no text of nginx can`);
  return /^[\w.:=/@~%+,*-]+$/.test(word) ? word : quoted(word);
}

function quoted(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
  // What cannot be seen has no escape in nginx.
  return `"${escapeUnprintable(escaped, () => '\ufffd')}"`;
}

function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`'${name}' is no name of a variable`);
  return name;
}
