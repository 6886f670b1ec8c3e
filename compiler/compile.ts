/** The order of the stages. No I/O: sources in; files, IR and findings out. */
import { catalog } from './catalog.ts';
import { checks } from './checks/registry.ts';
import { type Finding, hasErrors, tidy } from './diagnostics/diagnostic.ts';
import { type Suppressed, suppress } from './diagnostics/suppress.ts';
import { filesOf } from './hosts/install.ts';
import { hostOf } from './hosts/registry.ts';
import type { Ir } from './ir/types.ts';
import type { Graph } from './link/graph.ts';
import { link } from './link/link.ts';
import { lower } from './lower/lower.ts';
import type { Artifact } from './render/artifact.ts';
import { type ResolvedGraph, resolve } from './resolve/resolve.ts';
import { parseAll } from './source/parse.ts';
import type { Sources } from './source/read.ts';
import { suppressionsOf } from './source/suppressions.ts';
import { kindsAt } from './spec-schema/kinds.ts';
import { validateAll } from './spec-schema/validate.ts';
import { tools } from './tools/registry.ts';
import type { Tool } from './tools/tool.ts';

export interface Analysis {
  /** Null where there are errors, or nobody asked for it. */
  ir: Ir | null;
  findings: Finding[];
  /** Null without a sound platform.yaml. */
  graph: ResolvedGraph | null;
  /** What comments in the specs suppress, with the reason. */
  suppressed: Suppressed[];
  /** Text of each file that a finding may point into, for excerpts. */
  texts: Map<string, string>;
}

/** `today` ends suppressions; without it, none has ended. */
export function analyse(sources: Sources, today = '0000-01-01'): Analysis {
  const work = analysing(sources, today);
  for (;;) {
    const { done, value } = work.next();
    if (done) return { ...value, ir: hasErrors(value.findings) || !value.graph ? null : lower(value.graph) };
  }
}

/** The same in steps, without lowering: whoever drives it may do other things in between. */
export function* analysing(sources: Sources, today: string): Generator<void, Analysis> {
  const parsed = parseAll(sources.specs);
  const validated = validateAll(parsed.specs);
  const read = new Set(parsed.specs.map(({ path }) => path));
  const unreadable = sources.specs.map(({ path }) => path).filter((path) => !read.has(path));
  yield;
  const { graph: linked, findings: unlinked } = link({
    specs: validated.specs,
    unreadable,
    code: sources.code,
    unreadCode: sources.unreadCode,
    locks: sources.locks,
  });
  const graph = linked && resolve(linked);
  const checked = graph ? yield* checking(graph) : [];
  // Other YAML files beside specs are the team's own business, whatever they hold.
  const ofSpecs = parsed.findings.filter(({ at }) => kindsAt(at.file).length > 0 || !/\.ya?ml$/i.test(at.file));
  const texts = new Map([
    ...sources.code,
    ...sources.locks,
    ...parsed.specs.map(({ path, text }) => [path, text] as const),
  ]);
  const comments = [...texts].flatMap(([file, text]) => suppressionsOf(file, text));
  const found = [...ofSpecs, ...validated.findings, ...unlinked, ...checked];
  const { findings, suppressed } = suppress(found, comments, { catalog, rules: graph ? rulesOf(graph) : [], today });
  return { ir: null, graph, findings: tidy(findings), suppressed, texts };
}

/** Yields between checks, so that an editor can answer in between. */
function* checking(graph: ResolvedGraph): Generator<void, Finding[]> {
  const found: Finding[][] = [];
  for (const check of checks) {
    found.push(check.run(graph));
    yield;
  }
  return found.flat();
}

/** Names of the organisation's own rules. */
const rulesOf = ({ policies }: Graph): string[] =>
  [...policies.values()].flatMap(({ value }) => Object.keys(value.rules));

export const emit = (ir: Ir): Artifact[] => emitBy(tools, ir);

/** What these tools make of the IR, each environment on its host. */
export function emitBy(chosen: readonly Tool[], ir: Ir): Artifact[] {
  const common = chosen.flatMap((tool) => tool.emitCommon?.(ir) ?? []);
  return once([
    ...common,
    ...ir.environments.flatMap((environment) => filesOf(hostOf(environment), chosen, ir, environment, common)),
  ]);
}

/** Each file at a path of its own: of two with one path, the writer would silently lose one. */
function once(artifacts: Artifact[]): Artifact[] {
  const taken = new Map<string, Artifact>();
  for (const artifact of artifacts) {
    const other = taken.get(artifact.path);
    if (other) throw new Error(`${artifact.path} is emitted twice: from ${other.origin} and from ${artifact.origin}`);
    taken.set(artifact.path, artifact);
  }
  return artifacts;
}
