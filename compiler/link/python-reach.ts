/** Which code of the repository a function reaches, by names and imports; nothing is run. */
import { Budget } from './deadline.ts';
import { type ImportedName, type Part, partsOf } from './python-parts.ts';

/** For all Python of a repository together, and for one file. */
const TIME = { all: 30_000, each: 10_000 };

/** Name and digest of each part that is reached, sorted; a function that moved to another file is the same. */
export type Reached = readonly string[];

export function reachIn(code: ReadonlyMap<string, string>): (file: string, name: string) => Reached {
  const budget = new Budget(TIME);
  const read = new Map<string, Part[]>();
  const parts = (file: string): Part[] => {
    const known = read.get(file) ?? partsOf(code.get(file) ?? '', budget);
    read.set(file, known);
    return known;
  };
  return (file, name) => new Reaching(code, parts, folderOf(file)).from(file, name);
}

const folderOf = (file: string): string => file.slice(0, Math.max(file.lastIndexOf('/'), 0));

class Reaching {
  readonly #code: ReadonlyMap<string, string>;
  readonly #parts: (file: string) => Part[];
  /** Where absolute imports begin: the folder of the spec. */
  readonly #root: string;
  readonly #seen = new Set<Part>();
  readonly #found = new Set<string>();
  readonly #imported = new Set<string>();

  constructor(code: ReadonlyMap<string, string>, parts: (file: string) => Part[], root: string) {
    this.#code = code;
    this.#parts = parts;
    this.#root = root;
  }

  from(file: string, name: string): Reached {
    const open: [file: string, part: Part][] = [...this.#importing(file), ...this.#named(file, name)];
    for (let next = open.pop(); next; next = open.pop()) {
      const [at, part] = next;
      if (this.#seen.has(part)) continue;
      this.#seen.add(part);
      const own = part.imports.map((each) => this.#filesOf(each, at));
      // An import of the team's own code says only where it stands.
      if (!part.isImport || own.every((files) => files.length === 0))
        this.#found.add(`${part.names.join(', ') || 'what runs on import'} ${part.digest}`);
      for (const [index, each] of part.imports.entries())
        for (const target of own[index] ?? []) open.push(...this.#importing(target), ...this.#brought(target, each));
      if (!part.isImport) for (const word of part.words) open.push(...this.#named(at, word));
    }
    return [...this.#found].sort();
  }

  /** What runs when a file is imported, and when those are that it imports. */
  #importing(file: string): [string, Part][] {
    if (this.#imported.has(file)) return [];
    this.#imported.add(file);
    return this.#parts(file).flatMap((part): [string, Part][] => {
      if (!part.isImport) return part.names.length === 0 ? [[file, part]] : [];
      return part.imports.flatMap((each) => this.#filesOf(each, file)).flatMap((each) => this.#importing(each));
    });
  }

  #named(file: string, name: string): [string, Part][] {
    return this.#parts(file)
      .filter(({ names }) => names.includes(name) || names.includes('*'))
      .map((part) => [file, part]);
  }

  /** Of a module all that it has: which attribute is meant, only running it tells. */
  #brought(file: string, { name }: ImportedName): [string, Part][] {
    const isModule = name !== null && new RegExp(`(^|/)${name}(/__init__)?\\.py$`).test(file);
    return name === null || name === '*' || isModule
      ? this.#parts(file).map((part) => [file, part])
      : this.#named(file, name);
  }

  /** Files of the repository that an import may mean, packages on the way included. */
  #filesOf({ level, module, name }: ImportedName, from: string): string[] {
    let base = level === 0 ? this.#root : folderOf(from);
    for (let up = 1; up < level; up += 1) base = folderOf(base);
    const words = module.split('.').filter(Boolean);
    const folders = words.map((_, index) => [base, ...words.slice(0, index + 1)].join('/'));
    const whole = [base, ...words].join('/');
    const paths = [
      ...folders.map((folder) => `${folder}/__init__.py`),
      ...(words.length > 0 ? [`${whole}.py`] : []),
      ...(name === null || name === '*' ? [] : [`${whole}/${name}.py`, `${whole}/${name}/__init__.py`]),
    ];
    return paths.filter((path) => this.#code.has(path));
  }
}
