import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { runsContainers } from '../link/hosts.ts';
import { declaredWithin, isKnown, knownNames } from '../link/names.ts';
import { type Occurrence, occurrencesIn, statedAt } from '../link/occurrences.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { type NameKind, nameKinds } from '../spec-schema/name-kinds.ts';
import type { Check } from './check.ts';
import { codes as functionCodes } from './functions.ts';
import { isMeant } from './misspelt-columns.ts';
import { codes as tableCodes } from './tables.ts';

export const { codes, finding } = defineCodes(
  {
    FEA001: {
      severity: 'error',
      title: 'Unknown entity, feature view or feature',
      why: 'The reference leads nowhere.',
      example: 'entity: carier',
      fix: 'Correct the name, or declare it below features/.',
    },
    MOD008: {
      severity: 'error',
      title: 'Unknown model',
      why: 'The reference leads nowhere.',
      example: 'model: departure_dealy',
      fix: 'Correct the name.',
    },
    OBS008: {
      severity: 'error',
      title: 'A datasource that Grafana does not have',
      why: 'The panel shows an error.',
      example: 'datasource: graphite',
      fix: 'Use `prometheus`.',
    },
    PIP014: {
      severity: 'error',
      title: 'Unknown step',
      why: 'The reference leads nowhere.',
      example: 'needs: ingets',
      fix: 'Correct the name.',
    },
    PLT002: {
      severity: 'error',
      title: 'Unknown connection, volume, network or service',
      why: 'Nothing of that name could be reached or mounted.',
      example: 'connections: [warehous]',
      fix: 'Correct the name, or declare it in platform.yaml.',
    },
    PLT010: {
      severity: 'error',
      title: 'Unknown environment',
      why: 'The override would never apply.',
      example: 'overrides: {prdo: …}',
      fix: 'Correct the name.',
    },
    PLT011: {
      severity: 'error',
      title: 'Unknown owner',
      why: 'Nobody would be notified when it breaks.',
      example: 'owner: ml-platfrom',
      fix: 'Correct the name, or declare it in platform.yaml.',
    },
  },
  { MOD001: tableCodes.MOD001, PIP011: functionCodes.PIP011 },
);

/** Everything that a spec refers to exists. The schemas say what is a reference, and to what. */
export const unknownNames: Check = {
  codes,
  run(graph) {
    const missing = new Map<string, Occurrence[]>();
    for (const each of inOrder(graph.declared).flatMap(occurrencesIn)) {
      if (!isMissing(each, graph)) continue;
      // One missing name is one finding, where the name is not local to a spec.
      const key = JSON.stringify([
        each.kind,
        each.name,
        wordings[each.kind]?.once ? '' : [each.declared.spec.path, each.path],
      ]);
      const places = missing.get(key);
      if (places) places.push(each);
      else missing.set(key, [each]);
    }
    return [...missing.values()].map((places) => report(places as [Occurrence], graph));
  },
};

type Codes = Parameters<typeof finding>[0];

interface Wording {
  /** Unless the schema says another. */
  code: Codes;
  /** Default: that there is none of that name, or none within what it should stand in. */
  message?: (missing: Occurrence, graph: Graph) => string;
  /** Help where no name is near. */
  otherwise: (known: readonly string[], missing: Occurrence, graph: Graph) => string;
  /** Whether it cannot be known, or another finding reports it. */
  excused?: (missing: Occurrence, graph: Graph) => boolean;
  related?: (missing: Occurrence, graph: Graph) => Finding['related'];
  once?: true;
}

const wordings: Partial<Record<NameKind, Wording>> = {
  owner: { code: 'PLT011', message: inPlatform, otherwise: all },
  environment: { code: 'PLT010', message: inPlatform, otherwise: all },
  connection: {
    code: 'PLT002',
    message: inPlatform,
    otherwise: () => 'declare it under `connections:` in platform.yaml',
  },
  volume: { code: 'PLT002', otherwise: () => "add it to the environment's `volumes`", excused: isProcesses },
  network: { code: 'PLT002', otherwise: all, excused: isProcesses },
  service: {
    code: 'PLT002',
    otherwise: () => 'name one of `services`, or a container of the platform',
    excused: isProcesses,
  },
  entity: { code: 'FEA001', otherwise: some, excused: isBroken, once: true },
  'feature view': { code: 'FEA001', otherwise: some, excused: isBroken, once: true },
  feature: { code: 'FEA001', otherwise: elsewhere, excused: isRespelt, once: true },
  step: { code: 'PIP014', otherwise: all },
  model: { code: 'MOD008', otherwise: () => 'correct the name', excused: isBroken },
  column: { code: 'MOD001', otherwise: all, excused: isOpen, related: declaredColumns },
  file: { code: 'PIP011', message: noFile, otherwise: beside },
  function: {
    code: 'PIP011',
    message: ({ scope, bare }) => `${scope} has no function '${bare}'.`,
    otherwise: (known) => `its functions are ${known.join(', ') || '(none)'}`,
    excused: isBound,
  },
  datasource: {
    code: 'OBS008',
    message: ({ bare }) => `Grafana has no datasource '${bare}' for panels.`,
    otherwise: () => 'use `prometheus`, or remove it',
  },
};

const ORDER: readonly Kind[] = ['Pipeline', 'FeatureView', 'Model', 'Entity', 'Policy', 'Monitoring', 'Platform'];

/** Of several places the first is the finding's. */
const inOrder = (declared: readonly Declared<Kind>[]): Declared<Kind>[] =>
  ORDER.flatMap((kind) => declared.filter(({ spec }) => spec.kind === kind));

function isMissing(each: Occurrence, graph: Graph): boolean {
  const { kind, rule, isDefinition, range, isItself } = each;
  if (isDefinition || range === null || isHeldElsewhere(each) || codeOf(each) === null) return false;
  if (isKnown(each, graph) && !(rule.other && isItself && kind === rule.kind)) return false;
  return !wordings[kind]?.excused?.(each, graph);
}

/** Tables are held against the steps that write them, columns with a type against what these declare. */
const isHeldElsewhere = ({ kind, rule }: Occurrence): boolean =>
  kind === 'table' || rule.type !== undefined || rule.typeAt !== undefined;

/** The schema's own code is about what the whole text names. */
export function codeOf({ kind, rule }: Pick<Occurrence, 'kind' | 'rule'>): Codes | null {
  const stated = rule.kind === kind ? rule.unknown : rule.unknown === null ? null : undefined;
  return stated === undefined ? (wordings[kind]?.code ?? null) : (stated as Codes | null);
}

function report(places: readonly [Occurrence, ...Occurrence[]], graph: Graph): Finding {
  const [first, ...others] = places;
  const { kind, scope, bare } = first;
  if (first.isItself && isKnown(first, graph)) return itself(first);
  const { message = noSuch, otherwise = some, related } = wordings[kind] ?? {};
  const known = knownNames(kind, scope, graph);
  const { help, fix } = spelling(bare, known, () =>
    otherwise(
      [...known].filter((each) => each !== bare),
      first,
      graph,
    ),
  );
  return finding(codeOf(first) as Codes, statedAt(first), message(first, graph), {
    help,
    fix: fix
      ? { ...fix, edits: places.flatMap((each) => fix.edits.map((edit) => ({ ...edit, at: statedAt(each) }))) }
      : null,
    related: [
      ...others.map((each) => ({ message: 'also used here', at: statedAt(each) })),
      ...(related?.(first, graph) ?? []),
    ],
  });
}

/** Where only another of its kind can be meant. */
function itself(occurrence: Occurrence): Finding {
  const { kind, bare } = occurrence;
  const message = `${capital(kind)} '${bare}' refers to itself here.`;
  return finding(codeOf(occurrence) as Codes, statedAt(occurrence), message, {
    help: `remove it, or name another ${kind}`,
  });
}

function noSuch({ kind, scope, bare }: Occurrence): string {
  const { within } = nameKinds[kind];
  return within ? `${capital(within)} ${scope} has no ${kind} '${bare}'.` : `There is no ${kind} '${bare}'.`;
}

function inPlatform({ kind, bare }: Occurrence): string {
  return `There is no ${kind} '${bare}' in platform.yaml.`;
}

function noFile({ name }: Occurrence, { unreadCode }: Graph): string {
  const unread = unreadCode.get(name);
  return unread === undefined ? `There is no file ${name}.` : `${name} is not read: ${unread}.`;
}

function all(known: readonly string[], { kind }: Occurrence): string {
  return `the ${plural(kind)} are ${known.join(', ')}`;
}

function some(known: readonly string[], { kind }: Occurrence): string {
  if (known.length === 1) return `the only ${kind} is ${known[0]}`;
  return known.length === 0
    ? `there is no ${kind} yet`
    : `the ${plural(kind)} are ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}`;
}

function elsewhere(known: readonly string[], missing: Occurrence, graph: Graph): string {
  const other = ownersOfFeatures(graph).get(missing.bare);
  return other ? `'${other}' has a feature '${missing.bare}'` : some(known, missing);
}

const owners = new WeakMap<Graph, ReadonlyMap<string, string>>();

/** Feature → the first view that has it. */
function ownersOfFeatures(graph: Graph): ReadonlyMap<string, string> {
  const known = owners.get(graph);
  if (known) return known;
  const found = new Map<string, string>();
  for (const [view, { value }] of graph.views)
    for (const feature of Object.keys(value.features)) if (!found.has(feature)) found.set(feature, view);
  owners.set(graph, found);
  return found;
}

function beside(known: readonly string[], { declared }: Occurrence): string {
  return known.length > 0 ? `the Python files here are ${known.join(', ')}` : `create it beside ${declared.spec.path}`;
}

/** A spec that failed an earlier stage may declare it. */
function isBroken({ kind, bare }: Occurrence, { broken, unnamed }: Graph): boolean {
  return broken.has(bare) || unnamed.has(kind);
}

/** That such an environment has containers at all is a finding of its own. */
function isProcesses({ scope }: Occurrence, graph: Graph): boolean {
  const environment = graph.platform.value.environments[scope ?? ''];
  return environment === undefined || !runsContainers(graph, environment);
}

/** Where the code has the reference's spelling, the view has the typo, and FEA017 reports it there. */
function isRespelt({ scope, bare }: Occurrence, graph: Graph): boolean {
  return !graph.views.has(scope ?? '') || isMeant(graph, `feature view ${scope}`, bare);
}

/** Without a declaration there may be any, and which of two writers is the right one nobody knows. */
function isOpen({ scope }: Occurrence, graph: Graph): boolean {
  const hasTwoWriters = (graph.tables.get(scope ?? '')?.writes.length ?? 0) > 1;
  return hasTwoWriters || declaredWithin('column', scope, graph).size === 0;
}

function declaredColumns({ scope }: Occurrence, graph: Graph): Finding['related'] {
  const [write] = (graph.tables.get(scope ?? '')?.writes ?? []).filter(({ columns }) => columns);
  return write ? [{ message: 'the columns are declared here', at: write.at }] : [];
}

/** A name that is imported or assigned may well be callable; only running it would tell. */
function isBound({ scope, bare }: Occurrence, graph: Graph): boolean {
  const module = graph.module(scope ?? '');
  return module === null || module.otherNames.has(bare);
}

const plural = (kind: NameKind): string => (kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
