/** The order of the stages. No I/O: sources in; files, IR and findings out. */
import { catalogOf, checksOf } from './catalog.ts';
import type { Check } from './checks/check.ts';
import { lookForSecrets } from './credentials/report.ts';
import type { Catalog } from './diagnostics/codes.ts';
import { type Finding, hasErrors, tidy } from './diagnostics/diagnostic.ts';
import { type Suppressed, suppress } from './diagnostics/suppress.ts';
import type { Champions } from './diff/champions.ts';
import type { HostType } from './hosts/host.ts';
import { filesOf } from './hosts/installation.ts';
import { inventoryOf } from './hosts/inventory.ts';
import { hosts as allHosts } from './hosts/registry.ts';
import type { Inventory } from './ir/inventory.ts';
import type { Ir } from './ir/types.ts';
import type { Graph } from './link/graph.ts';
import { link } from './link/link.ts';
import { liveChampions } from './link/live-champions.ts';
import { lower } from './lower/lower.ts';
import type { Artifact } from './render/artifact.ts';
import { type ResolvedGraph, resolve } from './resolve/resolve.ts';
import { parseAll } from './source/parse.ts';
import type { Sources } from './source/read.ts';
import { suppressionsOf } from './source/suppressions.ts';
import { kindsAt } from './spec-schema/kinds.ts';
import { validateAll } from './spec-schema/validate.ts';
import { tools as allTools } from './tools/registry.ts';
import type { Contributions, Tool } from './tools/tool.ts';

export interface Analysis {
  /** Null where there are errors, or nobody asked for it. */
  ir: Ir | null;
  findings: Finding[];
  /** Null without a sound platform.yaml. */
  graph: ResolvedGraph | null;
  /** What comments in the specs suppress, with the reason. */
  suppressed: Suppressed[];
  /** Text of each file that a finding may point into, for excerpts; secrets are covered up. */
  texts: Map<string, string>;
}

export interface Compiler {
  catalog: Catalog;
  /** What is known of tools and hosts before anything is emitted. */
  inventory: Inventory;
  /** `today` ends suppressions and deprecations; without it, none has ended. */
  analyse(sources: Sources, today?: string): Analysis;
  /** The same in steps, without lowering: whoever drives it may do other things in between. */
  analysing(sources: Sources, today: string): Generator<void, Analysis>;
  emit(ir: Ir): Artifact[];
}

export function createCompiler(tools: readonly Tool[], hosts: readonly HostType[]): Compiler {
  const checks = checksOf(tools);
  const known: Known = { checks, catalog: catalogOf(checks), inventory: inventoryOf(tools, hosts) };
  return {
    ...known,
    analyse: (sources, today = '0000-01-01') => {
      const { graph, findings, ...rest } = finished(inSteps(known, sources, today));
      return { ...rest, graph, findings, ir: hasErrors(findings) || !graph ? null : lower(graph) };
    },
    analysing: (sources, today) => inSteps(known, sources, today),
    emit: (ir) => emitted(tools, hosts, ir),
  };
}

/** With every tool and every host. */
export const { analyse, analysing, emit, inventory } = createCompiler(allTools, allHosts);

/** With what is said of champions that are live, by environment. */
export function withChampions(analysis: Analysis, deployed: ReadonlyMap<string, Champions>): Analysis {
  const { ir, graph } = analysis;
  if (!ir || !graph) return analysis;
  const findings = tidy([...analysis.findings, ...liveChampions(graph, ir.models, deployed)]);
  return { ...analysis, findings, ir: hasErrors(findings) ? null : ir };
}

interface Known {
  checks: readonly Check[];
  catalog: Catalog;
  inventory: Inventory;
}

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function* inSteps({ checks, catalog, inventory }: Known, sources: Sources, today: string): Generator<void, Analysis> {
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
    carriesRuntime: sources.carriesRuntime,
    inventory,
  });
  const graph = linked && resolve(linked);
  const checked = graph ? yield* checking(checks, graph, today) : [];
  const isSpec = (path: string): boolean => kindsAt(path).length > 0;
  // Other YAML files beside specs are the team's own business, whatever they hold.
  const ofSpecs = parsed.findings.filter(({ at }) => isSpec(at.file) || !/\.ya?ml$/i.test(at.file));
  const secrets = lookForSecrets(parsed.specs, isSpec, new Map([...sources.code, ...sources.locks]));
  const texts = new Map([
    ...sources.code,
    ...sources.locks,
    ...parsed.specs.map(({ path, text }) => [path, text] as const),
  ]);
  const comments = [...texts].flatMap(([file, text]) => suppressionsOf(file, text));
  const found = namedOnce([...ofSpecs, ...beside(secrets.findings, validated.findings), ...unlinked, ...checked]);
  const { findings, suppressed } = suppress(found, comments, { catalog, rules: graph ? rulesOf(graph) : [], today });
  return {
    ir: null,
    graph,
    findings: tidy(secrets.silenced(findings)),
    suppressed: secrets.silenced(suppressed.map(({ finding }) => finding)).map((finding, index) => ({
      ...(suppressed[index] as Suppressed),
      finding,
    })),
    texts: secrets.shown(texts),
  };
}

/** A text that holds a secret has that one fault; its form is no matter. */
function beside(secrets: readonly Finding[], others: readonly Finding[]): Finding[] {
  const places = new Set(secrets.map(({ at }) => JSON.stringify(at)));
  return [...secrets, ...others.filter(({ at }) => !places.has(JSON.stringify(at)))];
}

/** Of a name that cannot be one nothing else matters. */
function namedOnce(findings: readonly Finding[]): Finding[] {
  const refused = new Set(findings.filter(isOfName).map(({ at }) => JSON.stringify(at)));
  return findings.filter((each) => isOfName(each) || !refused.has(JSON.stringify(each.at)));
}

const isOfName = ({ code }: Finding): boolean => code === 'SPC010' || code === 'SPC013';

/** Yields between checks, so that an editor can answer in between. */
function* checking(checks: readonly Check[], graph: ResolvedGraph, today: string): Generator<void, Finding[]> {
  const found: Finding[][] = [];
  for (const check of checks) {
    found.push(check.run(graph, today));
    yield;
  }
  return found.flat();
}

/** Names of the organisation's own rules. */
const rulesOf = ({ policies }: Graph): string[] =>
  [...policies.values()].flatMap(({ value }) => Object.keys(value.rules));

function emitted(tools: readonly Tool[], hosts: readonly HostType[], ir: Ir): Artifact[] {
  const all: Contributions = {
    rules: tools.flatMap((tool) => tool.rules?.(ir) ?? []),
    pages: tools.flatMap((tool) => tool.pages?.(ir) ?? []),
  };
  const common = tools.flatMap((tool) => tool.emitCommon?.(ir, all) ?? []);
  const ofEnvironments = ir.environments.flatMap((environment) => {
    const host = hosts.find(({ name }) => name === environment.runtime);
    if (!host)
      throw new Error(`the environment ${environment.name} runs on '${environment.runtime}', which is no host`);
    return filesOf(host, tools, ir, environment, { files: common, rules: all.rules });
  });
  return once([...common, ...ofEnvironments]);
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
