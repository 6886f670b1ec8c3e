/** A team's Python in parts: what stands at the top level of a file, by what it binds, with a digest of its meaning. */
import { createHash } from 'node:crypto';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Budget } from './deadline.ts';
import { type Fault, readWithin } from './python-syntax.ts';

export interface Part {
  /** What it binds; none: it runs whenever the file is imported. */
  names: string[];
  /** Names that stand in it. */
  words: ReadonlySet<string>;
  imports: ImportedName[];
  /** The same for the same program: comments, docstrings, layout and quotation marks do not count. */
  digest: string;
  /** Whether it is nothing but an import: what counts is what it brings. */
  isImport: boolean;
}

export interface ImportedName {
  /** Dots before it: 0 is absolute. */
  level: number;
  /** `a.b` of `from a.b import c`, or of `import a.b`. */
  module: string;
  /** `c`; `*` for all; null where the module itself is imported. */
  name: string | null;
  /** What it is called in the file. */
  as: string;
}

/** What the parser gives up on is one part, as it is written. */
export function partsOf(text: string, budget: Budget): Part[] {
  const found = readWithin(budget, () => read(text));
  return isParts(found)
    ? found
    : [{ names: [], words: new Set(), imports: [], digest: digestOf(text), isImport: false }];
}

const isParts = (found: Part[] | Fault): found is Part[] => Array.isArray(found);

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

function read(text: string): Part[] {
  const parts: Part[] = [];
  for (const node of childrenOf(parser.parse(text).topNode)) {
    if (node.name === 'Comment' || isDocstring(node)) continue;
    const words = new Set<string>();
    const imports: ImportedName[] = [];
    node.cursor().iterate(({ node: each }) => {
      if (each.name === 'VariableName') words.add(text.slice(each.from, each.to));
      if (each.name === 'ImportStatement') imports.push(...importedBy(each, text));
    });
    const digest = digestOf(meaning(node, text));
    parts.push({ names: boundBy(node, text), words, imports, digest, isImport: node.name === 'ImportStatement' });
  }
  return parts;
}

function boundBy(node: SyntaxNode, text: string): string[] {
  const of = (each: SyntaxNode) => text.slice(each.from, each.to);
  if (node.name === 'DecoratedStatement')
    return childrenOf(node).flatMap((each) => (each.name.endsWith('Definition') ? boundBy(each, text) : []));
  if (node.name.endsWith('Definition')) return node.getChildren('VariableName').slice(0, 1).map(of);
  if (node.name === 'AssignStatement') return childrenOf(node).flatMap((each) => (isTarget(each) ? [of(each)] : []));
  return node.name === 'ImportStatement' ? importedBy(node, text).map((each) => each.as) : [];
}

const isTarget = (node: SyntaxNode): boolean =>
  node.name === 'VariableName' && /^(AssignOp|TypeDef|,)$/.test(node.nextSibling?.name ?? '');

/** `from ..a.b import c as d, e`, or `import a.b as c`. */
function importedBy(statement: SyntaxNode, text: string): ImportedName[] {
  const plain = text
    .slice(statement.from, statement.to)
    .replace(/#[^\n]*/g, ' ')
    .replace(/[()\\\s]+/g, ' ')
    .trim();
  const from = /^from (\.*) ?([\w. ]*?) ?import (.*)$/.exec(plain);
  const listed = (names: string) => names.split(',').flatMap((each) => each.trim() || []);
  const called = (each: string) => each.split(/ as /).map((name) => name.trim());
  if (from)
    return listed(from[3] ?? '').map((each) => {
      const [name = '', as = name] = called(each);
      return { level: (from[1] ?? '').length, module: (from[2] ?? '').replaceAll(' ', ''), name, as };
    });
  return listed(plain.replace(/^import /, '')).map((each) => {
    const [module = '', as = module.split('.')[0] ?? ''] = called(each);
    return { level: 0, module, name: null, as };
  });
}

/** The tree, as a text, of what the interpreter makes of a node. */
function meaning(node: SyntaxNode, text: string): string {
  if (node.name === 'Comment' || isDocstring(node)) return '';
  const children = childrenOf(node);
  if (node.name === 'ParenthesizedExpression')
    return children.map((each) => (/^[()]$/.test(each.name) ? '' : meaning(each, text))).join('');
  if (children.length === 0)
    return `${node.name === 'String' ? quoted(text.slice(node.from, node.to)) : text.slice(node.from, node.to)}\n`;
  const parts = children.filter((each) => !isTrailingComma(each)).map((each) => meaning(each, text));
  return `(${node.name} ${parts.join('')})\n`;
}

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let each = node.firstChild; each; each = each.nextSibling) children.push(each);
  return children;
};

/** A text that stands alone is computed and thrown away. */
const isDocstring = (node: SyntaxNode): boolean =>
  node.name === 'ExpressionStatement' && node.firstChild?.name === 'String' && !node.firstChild.nextSibling;

/** In a tuple it is what makes it one. */
const isTrailingComma = (node: SyntaxNode): boolean =>
  node.name === ',' && node.parent?.name !== 'TupleExpression' && /^[)\]}]$/.test(node.nextSibling?.name ?? '');

/** Which quotation marks stand around a plain text is layout. */
function quoted(literal: string): string {
  const plain = /^(['"])([^'"\\\n]*)\1$/.exec(literal);
  return plain ? `'${plain[2]}'` : literal;
}
