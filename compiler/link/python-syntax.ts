/** Whether a text is Python, by an exact parser (Ruff's, as WebAssembly); lezer's is made for editors, and guesses. */
import { createRequire } from 'node:module';
import { type Budget, DeadlineExceeded } from './deadline.ts';

export interface Fault {
  line: number;
  column: number;
  endColumn: number;
  /** What is wrong, as a part of a sentence. */
  reason: string;
  /** Whether the limits of this compiler were met, and not Python's grammar. */
  isLimit: boolean;
}

interface Diagnostic {
  message: string;
  start_location: { row: number; column: number };
  end_location: { row: number; column: number };
}

interface Ruff {
  Workspace: new (settings: object, positions: number) => { check(text: string): Diagnostic[] };
}

/** The oldest Python that runs a team's code: `requires-python` in runtime/pyproject.toml, and the images'. */
const VERSION = 'py311';
/** What Python's own compiler refuses, and the grammar alone does not. */
const BEYOND_GRAMMAR = [
  ...['F404', 'F406', 'F407', 'F621', 'F622', 'F701', 'F702', 'F704', 'F706', 'F707'],
  ...['PLE0115', 'PLE0117', 'PLE0118', 'PLE1142', 'PLE1700'],
];
const UTF16 = 1;
const PACKAGE = '@astral-sh/ruff-wasm-nodejs';

const load = createRequire(import.meta.url);
let parser: InstanceType<Ruff['Workspace']> | null = null;

/** Loaded where there is Python at all: it takes some tenths of a second. */
function loaded(): InstanceType<Ruff['Workspace']> {
  const { Workspace } = load(PACKAGE) as Ruff;
  return new Workspace({ 'target-version': VERSION, lint: { select: BEYOND_GRAMMAR } }, UTF16);
}

/** The memory of a parser that was stopped in its work is of no more use. */
function discard(): void {
  parser = null;
  delete load.cache[load.resolve(PACKAGE)];
}

/** The first mistake in a text that Python would refuse; null where it is sound. */
export function faultIn(text: string): Fault | null {
  parser ??= loaded();
  // A comment must not hide from this parser what stops the real one.
  const diagnostics = parser.check(text.replace(/noqa/gi, 'n0qa'));
  const [first] = diagnostics.sort(
    ({ start_location: a }, { start_location: b }) => a.row - b.row || a.column - b.column,
  );
  if (!first) return null;
  const { start_location: start, end_location: end, message } = first;
  const endColumn = end.row === start.row ? Math.max(end.column, start.column + 1) : start.column + 1;
  return { line: start.row, column: start.column, endColumn, reason: plain(message), isLimit: false };
}

const plain = (message: string): string => {
  const first = (message.split('\n')[0] ?? message).replaceAll('\0', 'NUL');
  return (/^[A-Z][a-z]/.test(first) ? first.charAt(0).toLowerCase() + first.slice(1) : first).replace(/\.$/, '');
};

/** What a reader of Python returns, or why it could not go on: a text can be made to take too long, or too much. */
export function readWithin<T>(budget: Budget, read: () => T): T | Fault {
  const limit = { line: 1, column: 1, endColumn: 1, isLimit: true };
  try {
    return budget.spend(read);
  } catch (problem) {
    discard();
    if (problem instanceof DeadlineExceeded) return { ...limit, reason: 'it takes too long' };
    // V8's own error comes from another realm within the deadline, and WebAssembly has errors of its own.
    const { name } = problem as Error;
    if (name !== 'RangeError' && name !== 'RuntimeError') throw problem;
    return { ...limit, reason: 'it is nested too deeply' };
  }
}
