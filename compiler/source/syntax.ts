import { isScalar, visit, type YAMLError } from 'yaml';
import type { ParsedSpec } from './parsed-spec.ts';

interface Explanation {
  range: [number, number];
  sentence: string;
}

/** The parser says where it gave up; people want to know where the slip is. */
export function explainSyntax(error: YAMLError, spec: ParsedSpec): Explanation {
  const { text } = spec;
  const [at] = error.pos;
  if (error.code === 'MULTIPLE_DOCS')
    return { range: clamp(error.pos, text), sentence: 'A spec file holds one document, but this one starts a second.' };
  if (/closing .*quote/i.test(error.message)) {
    const quote = startOfQuote(spec, at);
    if (quote !== null) return { range: [quote, quote + 1], sentence: `This quote (${text[quote]}) is never closed.` };
  }
  if (/flow (map|sequence|collection)|Expected flow/i.test(error.message)) {
    const opener = unclosedBracket(text, at);
    if (opener !== null)
      return { range: [opener, opener + 1], sentence: `This '${text[opener]}' is not closed where it should be.` };
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && !/:\s/.test(restOfLine(text, at))) {
    const next = startOfNextLine(text, at);
    if (next !== null)
      return {
        range: [next, endOfLine(text, next)],
        sentence: 'This line is indented deeper than the line before it allows.',
      };
  }
  return { range: clamp(error.pos, text), sentence: `The YAML cannot be read: ${plain(error.message)}.` };
}

const clamp = ([from, to]: [number, number], text: string): [number, number] => {
  const start = Math.min(from, Math.max(0, text.trimEnd().length - 1));
  return [start, Math.max(start + 1, Math.min(to, text.length))];
};

const plain = (message: string): string => {
  const first = message.split('\n')[0] ?? message;
  return (first.charAt(0).toLowerCase() + first.slice(1)).replace(/[.:]+$/, '');
};

const endOfLine = (text: string, at: number): number =>
  text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);

const restOfLine = (text: string, at: number): string => text.slice(at, endOfLine(text, at));

function startOfNextLine(text: string, at: number): number | null {
  const next = /\S/.exec(text.slice(endOfLine(text, at)));
  return next ? endOfLine(text, at) + next.index : null;
}

function startOfQuote(spec: ParsedSpec, at: number): number | null {
  let start: number | null = null;
  visit(spec.document, {
    Scalar(_, node) {
      const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
      if (quoted && node.range && node.range[0] <= at && at <= node.range[2]) start = node.range[0];
    },
  });
  return start;
}

/** Offset of the innermost bracket that is still open at an offset, quotes and comments left out. */
function unclosedBracket(text: string, until: number): number | null {
  const open: number[] = [];
  let quote = '';
  for (let at = 0; at < until; at += 1) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && /[\s,:[{]/.test(text[at - 1] ?? ' ')) quote = character;
    else if (character === '#' && /\s/.test(text[at - 1] ?? ' ')) at = endOfLine(text, at);
    else if (character === '[' || character === '{') open.push(at);
    else if (character === ']' || character === '}') open.pop();
  }
  return open.at(-1) ?? null;
}
