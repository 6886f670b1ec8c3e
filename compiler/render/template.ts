import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { Encoded } from './encoded.ts';
import { markdownCode, markdownText } from './markdown.ts';
import { pythonComment, pythonDocstring, pythonIdentifier, pythonValue } from './python.ts';
import { displayWidth } from './width.ts';

/** The only ways for a value to get into a template's text. */
const encoders = {
  py: pythonValue,
  identifier: pythonIdentifier,
  comment: pythonComment,
  docstring: pythonDocstring,
  markdown: (text: string): Encoded => ({ inline: markdownText(text) }),
  code: (text: string): Encoded => ({ inline: markdownCode(text) }),
};

const plain = new Set(['ContentStatement', 'CommentStatement']);
const blocks = new Set(['each', 'if', 'unless']);

export type Template<Context> = (context: Context) => string;

/**
 * Reads a template that stands beside its emitter: `loadTemplate(new URL('./templates/dag.py.hbs', import.meta.url))`.
 * The compiler's own files, not the user's, so this is no input of a compilation.
 */
export function loadTemplate<Context>(file: URL): Template<Context> {
  return parseTemplate(readFileSync(file, 'utf8'), file.pathname.split('/').at(-1) ?? '');
}

/** A template, refused where it could interpolate anything but through an encoder. */
export function parseTemplate<Context>(text: string, name: string): Template<Context> {
  const program = Handlebars.parse(text);
  checkStatements(program.body, name);
  const engine = Handlebars.create();
  const slots: Encoded[] = [];
  for (const [helper, encode] of Object.entries(encoders)) {
    engine.registerHelper(helper, (value: unknown) => {
      // `strict` lets a missing value through to a helper.
      if (value === undefined) throw new Error(`${name}: {{${helper} …}} was given no value`);
      return `\0${slots.push(encode(value as never)) - 1}\0`;
    });
  }
  const run = engine.compile(program, { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers });
  return (context) => {
    slots.length = 0;
    return fillSlots(run(context), slots);
  };
}

const knownHelpers = Object.fromEntries(Object.keys(encoders).map((helper) => [helper, true]));

function checkStatements(statements: hbs.AST.Statement[], name: string): void {
  for (const statement of statements) checkStatement(statement, name);
}

function checkStatement(statement: hbs.AST.Statement, name: string): void {
  if (statement.type === 'MustacheStatement') checkMustache(statement as hbs.AST.MustacheStatement, name);
  else if (statement.type === 'BlockStatement') checkBlock(statement as hbs.AST.BlockStatement, name);
  // A partial would indent the lines of its values again, inside of strings too.
  else if (!plain.has(statement.type)) throw refused(statement, name, `a ${statement.type} is not allowed`);
}

function checkMustache({ path, params, hash, escaped, ...statement }: hbs.AST.MustacheStatement, name: string): void {
  const helper = path.type === 'PathExpression' ? (path as hbs.AST.PathExpression).original : '';
  if (!Object.hasOwn(encoders, helper) || !escaped || params.length !== 1 || hash) {
    const known = Object.keys(encoders).join(', ');
    throw refused(statement as hbs.AST.Statement, name, `a value needs one encoder (${known}), as in {{py value}}`);
  }
  checkPath(params[0] as hbs.AST.Expression, name);
}

function checkBlock(block: hbs.AST.BlockStatement, name: string): void {
  if (!blocks.has(block.path.original) || block.params.length !== 1) {
    throw refused(block, name, `only the blocks ${[...blocks].join(', ')} with one value are allowed`);
  }
  checkPath(block.params[0] as hbs.AST.Expression, name);
  checkStatements(block.program.body, name);
  if (block.inverse) checkStatements(block.inverse.body, name);
}

function checkPath(expression: hbs.AST.Expression, name: string): void {
  if (expression.type !== 'PathExpression') throw refused(expression, name, 'only a plain value can be given');
}

function refused(node: hbs.AST.Node, name: string, reason: string): Error {
  return new Error(`${name}:${node.loc.start.line}: ${reason}`);
}

/**
 * Puts the encoded values where the template named them. Only now are their columns known; and no value
 * was ever text to Handlebars, which would add two numbers side by side and indent what stands in blocks.
 */
export function fillSlots(text: string, slots: Encoded[]): string {
  const parts = text
    .split('\0')
    .map((part, index) => (index % 2 === 0 ? { inline: part } : (slots[Number(part)] as Encoded)));
  const after = columnsAfter(parts);
  let line: Line = START;
  return parts
    .map((part, index) => {
      const { indent, column } = line;
      const filled = part.layOut?.({ indent, column, after: after[index] as number }) ?? part.inline;
      line = lineAfter(line, filled);
      return filled;
    })
    .join('');
}

/** The unfinished line that the next part goes on with. */
interface Line {
  indent: number;
  column: number;
  isBlank: boolean;
}

const START: Line = { indent: 0, column: 0, isBlank: true };

function lineAfter(line: Line, added: string): Line {
  const end = added.lastIndexOf('\n');
  const { indent, column, isBlank } = end === -1 ? line : START;
  const text = added.slice(end + 1);
  const blanks = isBlank ? text.length - text.trimStart().length : 0;
  return {
    indent: indent + blanks,
    column: column + displayWidth(text),
    isBlank: isBlank && blanks === text.length,
  };
}

/** For each part, the columns that follow it on its line while all that follow it are in one line. */
function columnsAfter(parts: Encoded[]): number[] {
  let columns = 0;
  return parts
    .toReversed()
    .map(({ inline }) => {
      const after = columns;
      const end = inline.indexOf('\n');
      columns = end === -1 ? columns + displayWidth(inline) : displayWidth(inline.slice(0, end));
      return after;
    })
    .reverse();
}
