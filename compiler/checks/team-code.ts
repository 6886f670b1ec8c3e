import { defineCodes } from '../diagnostics/codes.ts';
import { type Finding, type Place, wholeFile } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { type Graph, lockOf } from '../link/graph.ts';
import { occurrencesIn } from '../link/occurrences.ts';
import { type Import, installedModules, isInstalled, mayBring } from '../link/python-imports.ts';
import { placesIn } from '../source/locate.ts';
import { TOO_MUCH_PYTHON } from '../source/read.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PYT001: {
    severity: 'warning',
    title: 'A Python file that Python refuses',
    why: 'It cannot be imported, and every step that needs it would fail.',
    example: 'x = = 3',
    fix: 'Correct the line. It is an error where a spec uses the file, directly or by imports.',
  },
  PYT002: {
    severity: 'error',
    title: 'Python that is not read',
    why: 'What nobody has read is not checked; the limits keep a hostile pull request from stopping the compiler.',
    example: 'A file of more than 1 MiB, more than 8 MiB of Python, or thousands of brackets within each other',
    fix: 'Keep data and generated code elsewhere, or split the file.',
  },
  PYT003: {
    severity: 'error',
    title: 'A function that returns before it has done anything',
    why: 'The platform calls functions, and awaits or iterates nothing: none of the code would run.',
    example: 'async def load(context), or a function with `yield`',
    fix: 'Make it a plain function that returns its result.',
  },
  PYT004: {
    severity: 'warning',
    title: 'An import that nothing provides',
    why: 'The file fails as soon as it is imported.',
    example: 'import lightgbm, without a requirements.lock in the folder',
    fix:
      'Add the package to the requirements.lock of the folder, or correct the name. It is an error where the import ' +
      'runs in any case and the folder has no lock.',
  },
});

/** The team's Python can be imported and called. */
export const teamCode: Check = {
  codes,
  run: (graph) => {
    const used = usedFiles(graph);
    return [...syntax(graph, used), ...unread(graph, used), ...deferred(graph), ...imports(graph, used)];
  },
};

interface Use {
  /** Folder of the file that a spec names, which is where Python looks for modules. */
  root: string;
  /** Of the spec: a lock in it is installed. */
  folder: string;
  /** Functions of it that specs name. */
  called: Set<string>;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Files that specs name, and those that these import, with who uses them first. */
function usedFiles(graph: Graph): Map<string, Use> {
  const used = new Map<string, Use>();
  for (const each of graph.declared.flatMap(occurrencesIn)) {
    if (each.kind === 'file' && !used.has(each.name))
      used.set(each.name, { root: folderOf(each.name), folder: each.declared.spec.folder, called: new Set() });
    if (each.kind === 'function') used.get(each.scope ?? '')?.called.add(each.bare);
  }
  const queue = [...used.keys()];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const use = used.get(file) as Use;
    for (const each of graph.module(file)?.imports ?? [])
      for (const path of filesOf(each, file, use, graph))
        if (!used.has(path)) {
          used.set(path, { ...use, called: new Set() });
          queue.push(path);
        }
  }
  return used;
}

/** Files of the repository that an import may bring, read or not. */
function filesOf({ module, inside, isRelative }: Import, file: string, { root }: Use, graph: Graph): string[] {
  const base = isRelative ? folderOf(file) : root;
  const path = module === '' ? base : `${base}/${module}`;
  const all = [`${path}.py`, `${path}/__init__.py`, ...inside.map((name) => `${path}/${name}.py`)];
  return all.filter((each) => graph.code.has(each) || graph.unreadCode.has(each));
}

function syntax(graph: Graph, used: ReadonlyMap<string, Use>): Finding[] {
  return [...graph.code.keys()].flatMap((file) => {
    const fault = graph.faultOf(file);
    if (!fault) return [];
    const { line, column, endColumn, reason, isLimit } = fault;
    const severity = used.has(file) ? 'error' : 'warning';
    if (isLimit)
      return [finding('PYT002', wholeFile(file), `${file} is not checked: ${reason}.`, { severity, help: 'split it' })];
    const at: Place = { file, line, column, endLine: line, endColumn, path: '' };
    return [finding('PYT001', at, `Python refuses this: ${reason}.`, { severity, help: 'correct it' })];
  });
}

/** A file that a spec names is reported there. */
function unread(graph: Graph, used: ReadonlyMap<string, Use>): Finding[] {
  const named = new Set(
    graph.declared.flatMap(occurrencesIn).flatMap(({ kind, name }) => (kind === 'file' ? name : [])),
  );
  const imported = [...graph.unreadCode].filter(([file]) => used.has(file) && !named.has(file));
  const over = [...graph.unreadCode].find(([, reason]) => reason === TOO_MUCH_PYTHON);
  return [...new Map(over ? [over, ...imported] : imported)].map(([file, reason]) =>
    finding('PYT002', wholeFile(file), `${file} is not read: ${reason}.`),
  );
}

function deferred(graph: Graph): Finding[] {
  const called = new Set(
    graph.declared
      .flatMap(occurrencesIn)
      .flatMap(({ kind, name, isDefinition }) => (kind === 'function' && !isDefinition ? [name] : [])),
  );
  return [...called].flatMap((name) => {
    const colon = name.lastIndexOf(':');
    const [file, bare] = [name.slice(0, colon), name.slice(colon + 1)];
    const { gives, at } = graph.module(file)?.functions.get(bare) ?? {};
    if (at === undefined || gives === 'result') return [];
    const place = placesIn(file, graph.code.get(file) ?? '')(at, bare.length);
    const why = gives === 'coroutine' ? 'is `async`' : 'has `yield`';
    return [
      finding('PYT003', place, `Function ${bare} ${why}: a call of it returns a ${gives}, and runs none of it.`, {
        help: 'make it a plain function that returns its result',
      }),
    ];
  });
}

function imports(graph: Graph, used: ReadonlyMap<string, Use>): Finding[] {
  const folders = foldersOf(graph.code.keys());
  return [...used].flatMap(([file, use]) => {
    const missing = (graph.module(file)?.imports ?? []).filter((each) => isMissing(each, file, use, graph, folders));
    const placeOf = placesIn(file, graph.code.get(file) ?? '');
    return missing.map((each) => {
      const lock = lockOf(use.folder, graph);
      const isCertain = lock === null && (each.within === null || use.called.has(each.within));
      const add = lock
        ? `add its package to ${lock}, unless one of those there brings it under another name`
        : `put its package into ${use.folder}/requirements.lock, which the folder's steps and models then run with`;
      return finding('PYT004', placeOf(each.at, each.module.length), `Nothing provides the module '${each.module}'.`, {
        severity: isCertain ? 'error' : 'warning',
        help: didYouMean(each.module, new Set(installedModules())) ?? add,
        related: lock ? [{ message: 'the packages of this folder', at: wholeFile(lock) }] : [],
      });
    });
  });
}

/** Every folder that has Python in it, at whatever depth. */
function foldersOf(files: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of files)
    for (let folder = folderOf(file); folder !== '' && !found.has(folder); folder = folderOf(folder)) found.add(folder);
  return found;
}

function isMissing(each: Import, file: string, use: Use, graph: Graph, folders: ReadonlySet<string>): boolean {
  const { module, isOptional, isRelative } = each;
  if (isOptional || isRelative || isInstalled(module) || filesOf(each, file, use, graph).length > 0) return false;
  // A folder without an `__init__.py` is a package, too; and what begins at the repository may be found there.
  const isFolder = folders.has(`${use.root}/${module}`) || folders.has(module);
  const lock = lockOf(use.folder, graph);
  return !isFolder && !(lock !== null && mayBring(graph.locks.get(lock) ?? '', module));
}
