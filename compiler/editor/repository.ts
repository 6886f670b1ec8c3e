/** The repository as an editor has it: files on disk, with what is being typed above them. */
import { setImmediate } from 'node:timers/promises';
import { type Analysis, analysing, inventory } from '../compile.ts';
import type { Edit } from '../diagnostics/diagnostic.ts';
import { buildGraph, type Graph } from '../link/graph.ts';
import { edited } from '../source/edited.ts';
import { parseAll } from '../source/parse.ts';
import { readSources, type SourceFile, type Sources } from '../source/read.ts';
import { validateAll } from '../spec-schema/validate.ts';

export class Repository {
  readonly root: string;
  readonly #specs = new Map<string, SourceFile>();
  readonly #code = new Map<string, string>();
  #unreadCode = new Map<string, string>();
  #locks = new Map<string, string>();
  #graph: Graph | null = null;
  #isStale = true;
  #changes = 0;

  constructor(root: string) {
    this.root = root;
    this.reload(new Map());
  }

  /** Reads the disk again; open documents count as the editor has them. */
  reload(open: ReadonlyMap<string, string>): void {
    const { specs, code, unreadCode, locks } = readSources(this.root);
    const before = new Map(this.#specs);
    this.#specs.clear();
    this.#code.clear();
    for (const file of specs) {
      const known = before.get(file.path);
      // The same object says that nothing has changed.
      this.#specs.set(file.path, known && Buffer.compare(known.bytes, file.bytes) === 0 ? known : file);
    }
    for (const [path, text] of code) this.#code.set(path, text);
    this.#unreadCode = unreadCode;
    this.#locks = locks;
    for (const [path, text] of open) this.change(path, text);
    this.#isStale = true;
    this.#changes += 1;
  }

  change(path: string, text: string): void {
    if (/\.ya?ml$/i.test(path)) this.#specs.set(path, { path, bytes: Buffer.from(text), refused: null });
    else if (path.endsWith('.py')) this.#code.set(path, text);
    this.#isStale = true;
    this.#changes += 1;
  }

  textOf(path: string): string | undefined {
    const spec = this.#specs.get(path);
    // Editors do not show a byte-order mark, which the decoder takes off.
    return spec ? new TextDecoder('utf-8').decode(spec.bytes) : this.#code.get(path);
  }

  get code(): ReadonlyMap<string, string> {
    return this.#code;
  }

  get #sources(): Sources {
    return {
      specs: [...this.#specs.values()],
      code: this.#code,
      unreadCode: this.#unreadCode,
      locks: this.#locks,
      // What is emitted goes by it, and an editor has nothing emitted.
      carriesRuntime: false,
    };
  }

  /**
   * All findings, of what edits would make of the files; null where something has changed before they were complete.
   * Requests are answered in between.
   */
  async analyse(today: string, edits: readonly Edit[] = []): Promise<Analysis | null> {
    const changes = this.#changes;
    const { sources } = edited(this.#sources, edits.length === 0 ? [] : [{ title: '', safe: true, edits: [...edits] }]);
    const work = analysing(sources, today);
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      await setImmediate();
      if (changes !== this.#changes) return null;
    }
  }

  /** What hangs together, without the checks: quick enough to be asked at each key. */
  get graph(): Graph | null {
    if (!this.#isStale) return this.#graph;
    const { specs, ...others } = this.#sources;
    const parsed = parseAll(specs).specs;
    const read = new Set(parsed.map(({ path }) => path));
    const unreadable = specs.map(({ path }) => path).filter((path) => !read.has(path));
    // While platform.yaml cannot be read, the last one that could is better than nothing.
    this.#graph = buildGraph({ ...others, specs: validateAll(parsed).specs, unreadable, inventory }) ?? this.#graph;
    this.#isStale = false;
    return this.#graph;
  }
}
