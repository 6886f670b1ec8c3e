/** Columns of data frames as the team's Python names them: by literal texts and keywords where a column is meant. */
import type { SyntaxNode, Tree } from '@lezer/common';

export interface ColumnName {
  /** Offset of the name. */
  at: number;
  /** Whether the code gives a frame this column, rather than asking a frame for it. */
  made: boolean;
}

export interface ColumnNames {
  /** What stands in the position of a column, and is nothing else. */
  named: ReadonlyMap<string, readonly ColumnName[]>;
  /** What the code puts together, such as `f"total_{n}d"`: any name that fits may be a column. */
  built: readonly RegExp[];
}

/** Methods of frames whose own arguments name columns. */
const BY_POSITION = new Set(['groupby', 'drop_duplicates', 'sort_values', 'set_index', 'nlargest', 'nsmallest']);
/** Arguments that name columns, whatever is called. */
const BY_KEYWORD = new Set([
  'columns',
  'usecols',
  'subset',
  'by',
  'on',
  'left_on',
  'right_on',
  'id_vars',
  'value_vars',
]);
/** Whose keywords are columns of the result, with those that are not. */
const KEYWORDS = new Set(['assign', 'agg', 'aggregate', 'with_columns']);
const SETTINGS = new Set(['func', 'axis', 'engine', 'engine_kwargs']);
/** Whose dictionaries have columns as keys. */
const FRAMES = new Set(['DataFrame', 'from_records', 'from_dict']);
const BY_KEY = new Set([...FRAMES, ...KEYWORDS, 'astype', 'fillna']);

const TRANSFORMERS = new Set(['ColumnTransformer', 'make_column_transformer']);

const LISTS = /^(ArrayExpression|TupleExpression)$/;
const COLLECTIONS = /^(ArrayExpression|TupleExpression|ArrayComprehensionExpression)$/;

export function columnsIn(tree: Tree, text: string): ColumnNames {
  const named = new Map<string, ColumnName[]>();
  const built = new Map<string, RegExp>();
  const reader = new Reader(text, (name, at, made) => {
    const places = named.get(name);
    if (places) places.push({ at, made });
    else named.set(name, [{ at, made }]);
  });
  tree.iterate({
    enter({ node }) {
      if (node.name === 'CallExpression') reader.frame(node);
      else if (node.name === 'AssignStatement') reader.list(node);
      else if (/^(Format)?String$/.test(node.name)) {
        const pattern = patternOf(node, text);
        if (pattern !== null) built.set(pattern, new RegExp(`^${pattern}$`));
      }
    },
  });
  tree.iterate({
    enter({ node }) {
      if (node.name === 'MemberExpression') reader.subscript(node);
      else if (node.name === 'CallExpression') reader.call(node);
      else if (node.name === 'DictionaryExpression') reader.dictionary(node);
      else if (/^(ArrayExpression|VariableName)$/.test(node.name)) reader.transformed(node);
    },
  });
  return { named, built: [...built.values()] };
}

class Reader {
  readonly #text: string;
  readonly #found: (name: string, at: number, made: boolean) => void;
  /** Variables that a frame is made of. */
  readonly #rows = new Set<string>();
  /** Lists of texts that variables hold, and which of these variables stand for columns. */
  readonly #lists = new Map<string, SyntaxNode>();
  readonly #chosen = new Set<string>();

  constructor(text: string, found: (name: string, at: number, made: boolean) => void) {
    this.#text = text;
    this.#found = found;
  }

  #of = (node: SyntaxNode | null): string => (node ? this.#text.slice(node.from, node.to) : '');

  /** Remembers `rows` of `DataFrame(rows)`. */
  frame(call: SyntaxNode): void {
    const first = call.getChild('ArgList')?.firstChild?.nextSibling ?? null;
    if (FRAMES.has(this.#called(call)) && first?.name === 'VariableName') this.#rows.add(this.#of(first));
  }

  /** Remembers `NUMERIC = ["a", "b"]`. */
  list(statement: SyntaxNode): void {
    const { firstChild, lastChild } = statement;
    if (firstChild?.name === 'VariableName' && lastChild && LISTS.test(lastChild.name))
      this.#lists.set(this.#of(firstChild), lastChild);
  }

  /** `make_column_transformer((Scaler(), ["a", "b"]))`, `ColumnTransformer([("numbers", Scaler(), NUMERIC)])`. */
  transformed(node: SyntaxNode): void {
    let holder = node.parent?.name === 'TupleExpression' ? node.parent.parent : null;
    if (holder?.name === 'ArrayExpression') holder = holder.parent;
    if (holder?.name === 'ArgList' && holder.parent && TRANSFORMERS.has(this.#called(holder.parent)))
      this.#texts(node, false);
  }

  /** `frame["a"]`, `frame[["a", "b"]]`, `frame.loc[rows, "a"]`. */
  subscript(node: SyntaxNode): void {
    const made = isTarget(node);
    for (const each of subscriptsOf(node)) this.#texts(each, made);
  }

  call(node: SyntaxNode): void {
    const called = this.#called(node);
    for (const { keyword, value } of argumentsOf(node)) {
      if (keyword === null) {
        if (BY_POSITION.has(called) && node.firstChild?.name === 'MemberExpression') this.#texts(value, false);
        continue;
      }
      const name = this.#of(keyword);
      if (KEYWORDS.has(called) && !SETTINGS.has(name)) this.#found(name, keyword.from, true);
      else if (BY_KEYWORD.has(name)) this.#texts(value, FRAMES.has(called));
    }
  }

  /** Keys of `DataFrame({…})`, of `rows.append({…})` that becomes one, of `agg({…})`; `rename` has both names. */
  dictionary(node: SyntaxNode): void {
    let holder: SyntaxNode | null = node.parent;
    while (holder && COLLECTIONS.test(holder.name)) holder = holder.parent;
    const isRows = (each: SyntaxNode | null | undefined): boolean =>
      each?.name === 'VariableName' && this.#rows.has(this.#of(each));
    if (holder?.name === 'AssignStatement') {
      if (isRows(holder.firstChild)) this.#keys(node, true);
    } else if (holder?.name === 'ArgList' && holder.parent) {
      const called = this.#called(holder.parent);
      const isRename = called === 'rename' && this.#of(keywordOf(node)) === 'columns';
      const isAppended = called === 'append' && isRows(holder.parent.firstChild?.firstChild);
      if (isRename || isAppended || BY_KEY.has(called))
        this.#keys(node, !['astype', 'fillna', 'rename'].includes(called));
      if (isRename) for (const { value } of entriesOf(node)) this.#texts(value, true);
    }
  }

  #keys(node: SyntaxNode, made: boolean): void {
    for (const { key } of entriesOf(node)) this.#texts(key, made);
  }

  #texts(node: SyntaxNode | null, made: boolean): void {
    if (node?.name === 'VariableName') {
      const list = this.#lists.get(this.#of(node));
      if (!list || this.#chosen.has(this.#of(node))) return;
      this.#chosen.add(this.#of(node));
      this.#texts(list, made);
    } else if (node?.name === 'String') {
      const { name, at } = literalOf(node, this.#text) ?? {};
      if (name !== undefined && at !== undefined) this.#found(name, at, made);
    } else if (node && (LISTS.test(node.name) || node.name === 'BinaryExpression'))
      for (let each = node.firstChild; each; each = each.nextSibling)
        // Of a sum of texts, none is the column.
        if (node.name !== 'BinaryExpression' || each.name !== 'String') this.#texts(each, made);
  }

  /** The last name of what is called. */
  #called(call: SyntaxNode): string {
    const { firstChild } = call;
    return this.#of(firstChild?.name === 'MemberExpression' ? firstChild.getChild('PropertyName') : firstChild);
  }
}

function subscriptsOf(node: SyntaxNode): SyntaxNode[] {
  const open = node.getChild('[');
  const found: SyntaxNode[] = [];
  for (let each = open?.nextSibling ?? null; each; each = each.nextSibling) found.push(each);
  return found;
}

/** Whether it is assigned to, as `frame["a"] = …` is. */
function isTarget(node: SyntaxNode): boolean {
  if (node.parent?.name !== 'AssignStatement') return false;
  for (let each = node.nextSibling; each; each = each.nextSibling) if (each.name === 'AssignOp') return true;
  return false;
}

interface Argument {
  keyword: SyntaxNode | null;
  value: SyntaxNode;
}

function argumentsOf(call: SyntaxNode): Argument[] {
  const found: Argument[] = [];
  for (let each = call.getChild('ArgList')?.firstChild ?? null; each; each = each.nextSibling) {
    const value = each.nextSibling?.name === 'AssignOp' ? each.nextSibling.nextSibling : null;
    if (each.name === 'VariableName' && value) {
      found.push({ keyword: each, value });
      each = value;
    } else if (!/^[(),]$|^\*/.test(each.name)) found.push({ keyword: null, value: each });
  }
  return found;
}

const keywordOf = (value: SyntaxNode): SyntaxNode | null =>
  value.prevSibling?.name === 'AssignOp' ? value.prevSibling.prevSibling : null;

function entriesOf(dictionary: SyntaxNode): { key: SyntaxNode; value: SyntaxNode | null }[] {
  return dictionary
    .getChildren(':')
    .flatMap(({ prevSibling, nextSibling }) => (prevSibling ? [{ key: prevSibling, value: nextSibling }] : []));
}

/** A text that is a name, as written; null for any other, and for bytes. */
function literalOf(node: SyntaxNode, text: string): { name: string; at: number } | null {
  const [, before = '', name] = /^([rRuU]?["'])([A-Za-z_]\w*)["']$/.exec(text.slice(node.from, node.to)) ?? [];
  return name === undefined ? null : { name, at: node.from + before.length };
}

/** Whole and sole columns of `….[["a", "b"]]` or `DataFrame({"a": …, "b": …})`; null for whatever else it may be. */
export function wholeColumns(node: SyntaxNode | null, text: string): string[] | null {
  const names = node?.name === 'MemberExpression' ? chosen(node, text) : node ? framed(node, text) : null;
  const literals = names?.map((each) => literalOf(each, text)?.name);
  return literals && literals.length > 0 && literals.every((name) => name !== undefined) ? literals : null;
}

/** `rows.loc[[…]]` are rows, though. */
function chosen(node: SyntaxNode, text: string): SyntaxNode[] | null {
  const [list, close, ...more] = subscriptsOf(node);
  const base = node.firstChild;
  if (list?.name !== 'ArrayExpression' || close?.name !== ']' || more.length > 0 || !base) return null;
  if (/\.(loc|iloc|at|iat|xs)$/.test(text.slice(base.from, base.to))) return null;
  const found: SyntaxNode[] = [];
  for (let each = list.firstChild; each; each = each.nextSibling) if (!/^[[\],]$/.test(each.name)) found.push(each);
  return found;
}

function framed(node: SyntaxNode, text: string): SyntaxNode[] | null {
  if (node.name !== 'CallExpression' || !node.firstChild) return null;
  const [only, ...more] = argumentsOf(node);
  const isFrame = /^(pd\.|pandas\.)?DataFrame$/.test(text.slice(node.firstChild.from, node.firstChild.to));
  if (!isFrame || more.length > 0 || only?.keyword !== null || only.value.name !== 'DictionaryExpression') return null;
  return only.value.getChild('**') ? null : entriesOf(only.value).map(({ key }) => key);
}

const PLACEHOLDER = /\{[^{}]*\}|%(?:\(\w*\))?[-+0 #]*\d*(?:\.\d+)?[a-zA-Z]/g;

/** Of an f-string, of a template for `format` or `%`, and of the beginning or end of a name: `"total_" + window`. */
function patternOf(node: SyntaxNode, text: string): string | null {
  const whole = text.slice(node.from, node.to);
  const content = /^[A-Za-z]{0,2}("""|'''|"|')([\s\S]*)\1$/.exec(whole)?.[2] ?? '';
  const shown = content.replace(PLACEHOLDER, '\0').replace(/^(?=_\w)|(?<=\w_)$/g, '\0');
  if (!shown.includes('\0') || !/^[\w\0]+$/.test(shown) || !/\w/.test(shown)) return null;
  return shown.replace(/\0+/g, '\\w*');
}
