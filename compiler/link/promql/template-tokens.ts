/** What stands between `{{` and `}}`, piece by piece. */

type Kind = 'word' | 'variable' | 'field' | 'dot' | 'text' | 'number' | 'sign' | 'space';

export interface Token {
  kind: Kind;
  text: string;
  from: number;
}

/** In this order: the first that matches counts. */
const TOKENS: readonly [Kind, RegExp][] = [
  ['space', /[ \t\r\n]+/y],
  ['text', /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)i?(?![\p{L}\p{N}_])/uy],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['dot', /\./y],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['sign', /:=|[=|(),]/y],
];

/** Null where no piece begins. */
export function tokenAt(text: string, at: number): Token | null {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { kind, text: found[0], from: at };
  }
  return null;
}
