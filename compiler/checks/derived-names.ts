import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Served } from '../ir/inventory.ts';
import { type Declared, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { hostOf, runsContainers } from '../link/hosts.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Check } from './check.ts';
import { codes as clashCodes } from './clashing-names.ts';

const { codes, finding } = defineCodes({}, { FEA011: clashCodes.FEA011, SPC010: specCodes.SPC010 });

/** What follows from a name is short enough for its tool, and is no other name there. */
export const derivedNames: Check = {
  codes,
  run: (graph) => [...sources(graph), ...containers(graph)],
};

const namedAt = (each: Declared<Kind>) =>
  (each.value as { name?: string }).name === undefined ? valueAt(each, 'kind') : valueAt(each, 'name');

/** Feast's source of a table that is read by other times is called after table and view. */
function sources({ views }: Graph): Finding[] {
  const tables = new Set([...views.values()].map(tableOf));
  return [...views.values()].flatMap((view) => {
    const source = `${tableOf(view)}__${view.name}`;
    if (!tables.has(source)) return [];
    const message = `Feast's source of view ${view.name} could be called '${source}', as a table is.`;
    return [finding('FEA011', namedAt(view), message, { help: 'rename the view or the table' })];
  });
}

/** Of a host name's part (RFC 1035). */
const LONGEST = 63;

/** Containers are reached by their names. */
function containers(graph: Graph): Finding[] {
  const found = new Map<string, Finding>();
  for (const [environment, spec] of Object.entries(graph.platform.value.environments)) {
    if (!runsContainers(graph, spec)) continue;
    const host = hostOf(graph, spec);
    const none: Served = { apis: [], streams: [], hasLocks: false };
    const own = new Set(graph.inventory.containers(host, none));
    for (const [each, served] of servers(graph)) {
      const long = graph.inventory.containers(host, { ...none, ...served }).filter((name) => !own.has(name));
      const longest = long.reduce((a, b) => (b.length > a.length ? b : a), '');
      if (longest.length <= LONGEST || found.has(each.name)) continue;
      const message =
        `The name '${each.name}' makes a container '${longest}' in environment ${environment}: ` +
        `it has ${longest.length} characters, and a host name has at most ${LONGEST}.`;
      const help = `use a name of at most ${each.name.length - (longest.length - LONGEST)} characters`;
      found.set(each.name, finding('SPC010', namedAt(each), message, { help }));
    }
  }
  return [...found.values()];
}

/** What has containers of its own, each with its most. */
const servers = ({ models, views }: Graph): [Declared<Kind>, Partial<Served>][] => [
  ...[...models.values()].flatMap((model): [Declared<Kind>, Partial<Served>][] => {
    const online = model.value.serving?.online;
    if (!online) return [];
    const trial = online.canary !== undefined;
    return [
      [
        model,
        { apis: [{ model: model.name, replicas: online.replicas ?? defaults.Model.serving.online.replicas, trial }] },
      ],
    ];
  }),
  ...[...views.values()].flatMap((view): [Declared<Kind>, Partial<Served>][] =>
    view.value.stream ? [[view, { streams: [view.name] }]] : [],
  ),
];
