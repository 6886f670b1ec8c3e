/** Names as a tree of their letters, in which those near a name are found without looking at all of them. */
export type Names = Iterable<string> | ReadonlyMap<string, unknown>;

interface Node {
  letter: string;
  children: Map<string, Node>;
  /** Those whose letters, in lower case, end here. */
  names: string[];
}

interface Search {
  letters: string;
  edits: number;
  found: Set<string>;
}

/** Nobody misspells a name that is longer, and the tree stays flat. */
const LONGEST = 256;

class NameIndex {
  readonly size: number;
  readonly #root: Node = { letter: '', children: new Map(), names: [] };
  readonly #names: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
    this.size = this.#names.size;
    for (const name of this.#names) if (name.length <= LONGEST) this.#add(name);
  }

  #add(name: string): void {
    let node = this.#root;
    for (const letter of name.toLowerCase().split('')) {
      const next = node.children.get(letter) ?? { letter, children: new Map(), names: [] };
      node.children.set(letter, next);
      node = next;
    }
    node.names.push(name);
  }

  /** Other names that at most so many edits (Levenshtein 1966) make of the given one; a swap of neighbours is one. */
  within(name: string, edits: number): string[] {
    if (name.length > LONGEST) return [];
    const search: Search = { letters: name.toLowerCase(), edits, found: new Set() };
    const row = Array.from({ length: search.letters.length + 1 }, (_, index) => index);
    for (const child of this.#root.children.values()) visit(child, row, search);
    if (edits > 0) for (const swapped of swaps(name)) if (this.#names.has(swapped)) search.found.add(swapped);
    search.found.delete(name);
    return [...search.found];
  }
}

/** `before` has the distance from the letters on the way to the node's parent to each beginning of the name. */
function visit(node: Node, before: readonly number[], search: Search): void {
  const { letters, edits, found } = search;
  let least = (before[0] as number) + 1;
  const row = [least];
  for (let index = 1; index <= letters.length; index += 1) {
    const substituted = (before[index - 1] as number) + (letters[index - 1] === node.letter ? 0 : 1);
    const here = Math.min(substituted, (before[index] as number) + 1, (row[index - 1] as number) + 1);
    row.push(here);
    least = Math.min(least, here);
  }
  if ((row[letters.length] as number) <= edits) for (const name of node.names) found.add(name);
  if (least <= edits) for (const child of node.children.values()) visit(child, row, search);
}

const swaps = (name: string): string[] =>
  name
    .split('')
    .slice(1)
    .map((letter, index) => name.slice(0, index) + letter + name.charAt(index) + name.slice(index + 2));

const known = new WeakMap<object, NameIndex>();

/** Maps and sets are indexed once, so that ten thousand misspelt names can be looked up among as many. */
export function nameIndex(names: Names): NameIndex {
  if (!(names instanceof Map || names instanceof Set)) return new NameIndex(names as Iterable<string>);
  const found = known.get(names);
  if (found?.size === names.size) return found;
  const index = new NameIndex(names.keys());
  known.set(names, index);
  return index;
}
