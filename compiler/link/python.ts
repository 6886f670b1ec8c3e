/** What the team's Python says of itself, read by a parser; nothing is ever imported or run. */
import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { Budget } from './deadline.ts';
import { type ColumnNames, columnsIn, wholeColumns } from './python-columns.ts';
import { type Import, importsIn } from './python-imports.ts';
import { type Fault, faultIn, readWithin } from './python-syntax.ts';

export interface Parameter {
  name: string;
  /** Offset of its name. */
  at: number;
  hasDefault: boolean;
  /** Its annotation, as written, or else the type of its default; empty where neither says it. */
  type: string;
}

export interface Signature {
  /** Offset of the function's name. */
  at: number;
  /** Those that can be given by name. */
  parameters: Parameter[];
  /** How many parameters can be given by position; of those, so many only so. */
  places: number;
  onlyByPlace: number;
  /** Whether it takes any number of values by position (`*args`). */
  spreads: boolean;
  /** Whether it takes any keyword (`**kwargs`). */
  open: boolean;
  /** All columns of what it returns, where each `return` spells them out; null where only running it tells. */
  columns: ReadonlySet<string> | null;
  /** What a call gives at once: a coroutine or a generator has not begun. A decorator may make anything of it. */
  gives: 'result' | 'coroutine' | 'generator';
}

export interface PythonModule {
  functions: Map<string, Signature>;
  /** Other names bound at the top level: imports, assignments, classes. */
  otherNames: Set<string>;
  /** Every identifier in code and strings, comments left out. */
  words: Set<string>;
  columns: ColumnNames;
  imports: readonly Import[];
}

const MOST_KNOWN = 20_000;
const known = new Map<string, PythonModule | Fault>();

/** The module, or why it is none. */
export function readModule(text: string, budget: Budget): PythonModule | Fault {
  const found = known.get(text) ?? readWithin(budget, () => faultIn(text) ?? read(text));
  if (known.size > MOST_KNOWN) known.clear();
  // What took too long may not do so in another compilation.
  if (!isFault(found) || !found.isLimit) known.set(text, found);
  return found;
}

export const isFault = (read: PythonModule | Fault): read is Fault => 'reason' in read;

/** Words in code and strings, with their offsets; comments left out. */
export function wordsIn(text: string): ReadonlyMap<string, readonly number[]> {
  const found = readWithin(new Budget({ all: 5_000, each: 5_000 }), () => collectWords(parser.parse(text), text));
  return found instanceof Map ? found : new Map();
}

const NAMES = /^(VariableName|PropertyName|String|FormatString)$/;

function collectWords(tree: Tree, text: string): Map<string, number[]> {
  const words = new Map<string, number[]>();
  tree.iterate({
    enter({ node }) {
      if (node.name === 'Comment') return false;
      if (NAMES.test(node.name))
        for (const { 0: word, index } of text.slice(node.from, node.to).matchAll(/[A-Za-z_]\w*/g)) {
          const offsets = words.get(word) ?? [];
          words.set(word, offsets);
          // Names in a formatted string were met with the whole string.
          if (node.from + index > (offsets.at(-1) ?? -1)) offsets.push(node.from + index);
        }
      return undefined;
    },
  });
  return words;
}

function read(text: string): PythonModule {
  const tree = parser.parse(text);
  const words = new Set(collectWords(tree, text).keys());
  const module: PythonModule = {
    functions: new Map(),
    otherNames: new Set(),
    words,
    columns: columnsIn(tree, text),
    imports: importsIn(tree, text),
  };
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) bindNames(node, text, module);
  return module;
}

function bindNames(node: SyntaxNode, text: string, module: PythonModule): void {
  const name = () => {
    const variable = node.getChild('VariableName');
    return variable ? text.slice(variable.from, variable.to) : '';
  };
  if (node.name === 'FunctionDefinition') module.functions.set(name(), signature(node, text));
  else if (node.name === 'DecoratedStatement' || /^(If|Try|With)Statement$|^Body$/.test(node.name)) {
    for (let child = node.firstChild; child; child = child.nextSibling) bindNames(child, text, module);
  } else if (node.name === 'ClassDefinition') module.otherNames.add(name());
  else if (/^(Import|Assign)Statement$/.test(node.name)) {
    for (const variable of node.getChildren('VariableName'))
      module.otherNames.add(text.slice(variable.from, variable.to));
  }
}

function signature(node: SyntaxNode, text: string): Signature {
  const result: Signature = {
    at: node.getChild('VariableName')?.from ?? node.from,
    parameters: [],
    places: 0,
    onlyByPlace: 0,
    spreads: false,
    open: false,
    ...bodyOf(node, text),
  };
  let star = '';
  let places: number | null = null;
  const byPlace = (): number => result.onlyByPlace + result.parameters.length;
  for (let each = node.getChild('ParamList')?.firstChild ?? null; each; each = each.nextSibling) {
    const token = text.slice(each.from, each.to);
    if (token === '*' || token === '**') {
      star = token;
      places ??= byPlace();
    } else if (token === ',') star = '';
    else if (token === '/') {
      result.onlyByPlace = result.parameters.length;
      result.parameters = [];
    } else if (each.name === 'VariableName' && each.prevSibling?.name !== 'AssignOp') {
      if (star === '**') result.open = true;
      else if (star === '*') result.spreads = true;
      else if (star === '') result.parameters.push({ name: token, at: each.from, hasDefault: false, type: '' });
    } else if (each.name === 'TypeDef') {
      const last = result.parameters.at(-1);
      if (last && star === '') last.type = token.replace(/^:\s*/, '');
    } else if (each.name === 'AssignOp') {
      const last = result.parameters.at(-1);
      if (!last) continue;
      last.hasDefault = true;
      last.type ||= typeOfLiteral(each.nextSibling, text);
    }
  }
  result.places = places ?? byPlace();
  return result;
}

/** What it returns. What decorates the function may do anything with that. */
function bodyOf(definition: SyntaxNode, text: string): Pick<Signature, 'columns' | 'gives'> {
  if (definition.parent?.name === 'DecoratedStatement') return { columns: null, gives: 'result' };
  const found: (string[] | null)[] = [];
  let yields = false;
  definition
    .getChild('Body')
    ?.cursor()
    .iterate(({ node }) => {
      if (/^(FunctionDefinition|ClassDefinition|LambdaExpression)$/.test(node.name)) return false;
      if (node.name === 'yield') yields = true;
      if (node.name === 'ReturnStatement') found.push(wholeColumns(node.lastChild, text));
      return undefined;
    });
  const whole = found.filter((each) => each !== null);
  const isWhole = !yields && whole.length > 0 && whole.length === found.length;
  const gives = yields ? 'generator' : definition.getChild('async') ? 'coroutine' : 'result';
  return { columns: isWhole ? new Set(whole.flat()) : null, gives };
}

/** A whole number as a default says no more than that a number is meant. */
function typeOfLiteral(node: SyntaxNode | null, text: string): string {
  if (node?.name === 'Number') return 'float';
  if (node?.name === 'String') return 'str';
  return node?.name === 'Boolean' && /^(True|False)$/.test(text.slice(node.from, node.to)) ? 'bool' : '';
}
