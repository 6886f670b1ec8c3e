/**
 * The platform that tools and hosts are tried on: compiled from its YAML through the real stages, so that nothing in it
 * can differ from what lowering says. `platforms/flights/golden` holds what it compiles to.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../catalog.ts';
import { analyse, emit } from '../compile.ts';
import { printText } from '../diagnostics/print-text.ts';
import type { Environment, Ir } from '../ir/types.ts';
import { readSources, type Sources } from '../source/read.ts';

export const PLATFORMS = join(import.meta.dirname, 'platforms');
const FIXTURE = join(PLATFORMS, 'flights');

/** By path: a new text, null for a file to leave out, or replacements of texts that each occur once. */
export type Edits = Record<string, string | null | [before: string, after: string][]>;

/** What the reader hands on, with edits that stand in no file. */
export function fixtureSources(edits: Edits = {}): Sources {
  const sources = readSources(FIXTURE);
  for (const [path, edit] of Object.entries(edits)) {
    leaveOut(sources, path);
    if (edit !== null) put(sources, path, edited(path, edit));
  }
  return sources;
}

/** The fixture's IR, or that of an edited copy. Findings are for the tests of checks; here errors are mistakes. */
export function fixtureIr(edits: Edits = {}): Ir {
  const { ir, findings, texts } = analyse(fixtureSources(edits));
  if (ir !== null) return ir;
  throw new Error(printText(findings, { color: false, catalog, textOf: (file) => texts.get(file) }));
}

/** Everything that is written for an IR, by path. */
export const filesOf = (ir: Ir): Map<string, string> => new Map(emit(ir).map(({ path, content }) => [path, content]));

export function environmentOf({ environments }: Ir, name: string): Environment {
  const found = environments.find((each) => each.name === name);
  if (!found) throw new Error(`The fixture has no environment '${name}'.`);
  return found;
}

/** A lock file that names one package, with its digest. */
export const LOCK = readFileSync(join(FIXTURE, 'models/cancellation/requirements.lock'), 'utf8');

function edited(path: string, edit: NonNullable<Edits[string]>): string {
  if (typeof edit === 'string') return edit;
  let text = readFileSync(join(FIXTURE, path), 'utf8');
  for (const [before, after] of edit) {
    if (text.split(before).length !== 2) throw new Error(`${path} does not hold '${before}' once`);
    text = text.replace(before, () => after);
  }
  return text;
}

function leaveOut(sources: Sources, path: string): void {
  sources.code.delete(path);
  sources.locks.delete(path);
  sources.specs = sources.specs.filter((each) => each.path !== path);
}

function put(sources: Sources, path: string, text: string): void {
  if (path.endsWith('.py')) sources.code.set(path, text);
  else if (path.endsWith('.lock')) sources.locks.set(path, text);
  else sources.specs.push({ path, bytes: Buffer.from(text), refused: null });
}
