/**
 * What differs live, as changes of the specs that say it: each value that could have become what was deployed is tried
 * as what is there, and kept where the whole then compiles to that, and to nothing else that differs.
 */
import { isScalar, type Scalar, stringify, visit } from 'yaml';
import { analyse, emit } from '../compile.ts';
import { type Finding, hasErrors } from '../diagnostics/diagnostic.ts';
import { type Change, differences, type Field } from '../diff/compare.ts';
import type { Plain, State } from '../diff/state.ts';
import type { Artifact } from '../render/artifact.ts';
import { edited } from '../source/edited.ts';
import { placeAt } from '../source/locate.ts';
import { parseAll } from '../source/parse.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { Sources } from '../source/read.ts';
import { respellings } from './spelling.ts';

/** A tool, as it is and as the specs have it. */
export interface Drifted {
  tool: string;
  desired: State;
  observed: State;
}

/** What a tool would be asked for, if these files were compiled. */
export type DesiredOf = (tool: string, files: readonly Artifact[]) => Promise<State>;

export interface Written {
  sources: Sources;
  /** Of the specs that change, by path. */
  texts: Map<string, string>;
  files: readonly Artifact[];
  said: Said[];
  left: Left[];
}

export interface Said {
  address: string;
  path: string;
  file: string;
  line: number;
  before: string;
  after: string;
  /** Other objects that become something else with it, at the next deploy. */
  also: string[];
}

export interface Left {
  address: string;
  /** Of an update; empty otherwise. */
  path: string;
  why: string;
}

/** Trials of one difference; each compiles everything. */
const MOST_TRIALS = 40;

export async function writeBack(sources: Sources, drifted: readonly Drifted[], desiredOf: DesiredOf): Promise<Written> {
  const written: Written = { sources, texts: new Map(), files: compiled(sources).files, said: [], left: [] };
  for (const each of drifted) {
    let { desired } = each;
    for (const change of differences(desired, each.observed)) {
      const fields = change.kind === 'update' ? change.fields : [null];
      for (const field of fields) {
        if (field === null) written.left.push({ address: change.address, path: '', why: unsaid(change) });
        else if (isOpen(desired, each.observed, change.address, field.path))
          desired = await fieldBack(written, { ...each, desired }, change.address, field, desiredOf);
      }
    }
  }
  return written;
}

const unsaid = ({ kind }: Change): string =>
  kind === 'create'
    ? 'it is missing, and a deploy makes it again'
    : 'no spec asks for it; write one, or have it deleted';

/** An earlier change may have said it, too. */
const isOpen = (desired: State, observed: State, address: string, path: string): boolean =>
  open(desired, observed).has(key(address, path));

const key = (address: string, path: string): string => `${address} ${path}`;

const open = (desired: State, observed: State): Set<string> =>
  new Set(
    differences(desired, observed).flatMap(({ kind, address, fields }) =>
      kind === 'update' ? fields.map(({ path }) => key(address, path)) : [key(address, kind)],
    ),
  );

interface Trial {
  spec: ParsedSpec;
  node: Scalar;
  to: Plain;
}

/** What the tool is asked for from then on. */
async function fieldBack(
  written: Written,
  { tool, desired, observed }: Drifted,
  address: string,
  field: Field,
  desiredOf: DesiredOf,
): Promise<State> {
  const leave = (why: string): State => {
    written.left.push({ address, path: field.path, why });
    return desired;
  };
  const all = trialsOf(written.sources, field);
  if (all.length > MOST_TRIALS) return leave(`${all.length} values of the specs could say it`);
  const before = open(desired, observed);
  const fitting: {
    trial: Trial;
    files: readonly Artifact[];
    sources: Sources;
    texts: Map<string, string>;
    now: State;
    also: string[];
  }[] = [];
  let refused: Finding | null = null;
  for (const trial of all) {
    const { sources, texts } = edited(written.sources, [fixOf(trial)]);
    const { files, problem } = compiled(sources);
    if (problem !== null) refused ??= problem;
    if (problem !== null || isSame(files, written.files)) continue;
    const now = await desiredOf(tool, files);
    const after = open(now, observed);
    if (after.has(key(address, field.path))) continue;
    const also = [...new Set([...after].filter((each) => !before.has(each)).map((each) => each.split(' ')[0] ?? ''))];
    fitting.push({ trial, files, sources, texts, now, also });
  }
  // What changes nothing else is nearer to what was done by hand.
  const exact = fitting.filter(({ also }) => also.length === 0);
  const [only, ...others] = exact.length > 0 ? exact : fitting;
  if (!only)
    return leave(refused ? `the specs cannot say it: ${refused.code}, ${refused.message}` : 'no spec states it');
  if (others.length > 0)
    return leave(`several places could say it: ${[only, ...others].map(({ trial }) => shownPlace(trial)).join(', ')}`);
  const { spec, node, to } = only.trial;
  Object.assign(written, { sources: only.sources, files: only.files });
  for (const [file, text] of only.texts) written.texts.set(file, text);
  written.said.push({
    address,
    path: field.path,
    file: spec.path,
    line: placeOf(only.trial).line,
    before: spec.text.slice(...rangeOf(node)),
    after: spelt(node, to),
    also: only.also,
  });
  return only.now;
}

function trialsOf(sources: Sources, { desired, observed }: Field): Trial[] {
  if (desired === undefined || observed === undefined) return [];
  const trials: Trial[] = [];
  for (const spec of parseAll(sources.specs).specs)
    visit(spec.document, {
      Scalar(at, node) {
        // A block of text has a layout that nobody but its author knows.
        if (at === 'key' || !isScalar(node) || !node.range || /^BLOCK/.test(node.type ?? '')) return;
        for (const to of respellings(node.value, desired, observed)) trials.push({ spec, node, to });
      },
    });
  return trials;
}

function compiled(sources: Sources): { files: readonly Artifact[]; problem: Finding | null } {
  const { ir, findings } = analyse(sources);
  if (ir) return { files: emit(ir), problem: null };
  return { files: [], problem: findings.find((each) => hasErrors([each])) ?? null };
}

function isSame(one: readonly Artifact[], other: readonly Artifact[]): boolean {
  const texts = new Map(other.map(({ path, content }) => [path, content]));
  return one.length === other.length && one.every(({ path, content }) => texts.get(path) === content);
}

const fixOf = (trial: Trial) => ({
  title: '',
  safe: false,
  edits: [{ at: placeOf(trial), from: null, to: spelt(trial.node, trial.to) }],
});

const rangeOf = ({ range }: Scalar): [number, number] => [range?.[0] ?? 0, range?.[1] ?? 0];
const placeOf = ({ spec, node }: Trial) => placeAt(spec.path, spec.lines, rangeOf(node), []);
const shownPlace = (trial: Trial): string => `${trial.spec.path}:${placeOf(trial).line}`;

/** In the quotes that it had. */
function spelt({ type, value }: Scalar, to: Plain): string {
  if (type === 'QUOTE_DOUBLE') return JSON.stringify(String(to));
  if (type === 'QUOTE_SINGLE') return `'${String(to).replaceAll("'", "''")}'`;
  return stringify(typeof value === 'string' ? String(to) : to, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}
