/** Whether a new thing can have a name: its form, and who has it already. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Graph } from '../link/graph.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { reservation } from '../spec-schema/reserved-names.ts';
import type { Thing, Wanted } from './wanted.ts';

const FORM = /^[a-z][a-z0-9_]{0,62}$/;

export const KINDS = {
  entity: 'Entity',
  view: 'FeatureView',
  pipeline: 'Pipeline',
  model: 'Model',
  policy: 'Policy',
  monitoring: 'Monitoring',
} as const;

/** A pipeline and a view write a table of their name; what an entity is called is its column. */
const ALSO: Partial<Record<Thing, readonly ('table' | 'join key')[]>> = {
  entity: ['join key'],
  view: ['table'],
  pipeline: ['table'],
};

/** Throws a sentence where it cannot. */
export function requireName({ thing, name }: Wanted, graph: ResolvedGraph): void {
  const taken = takenBy(thing, graph);
  const twin = [...taken.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
  if (twin !== undefined && twin !== name)
    throw new OperationError(
      `'${printable(name)}' is only another case of '${twin}', which is ${taken.get(twin)}. Choose a name of its own.`,
    );
  if (twin !== undefined)
    throw new OperationError(`There is '${name}' already: it is ${taken.get(twin)}. Choose another name.`);
  if (!FORM.test(name))
    throw new OperationError(
      `'${printable(name)}' is not a name: lower-case letters, digits and underscores, beginning with a letter, ` +
        `at most 63${suggestion(name)}.`,
    );
  for (const kind of [...(ALSO[thing] ?? []), 'table' as const]) {
    const because = reservation(
      { kind, bare: name, path: [], isDefinition: true },
      KINDS[thing],
      kind !== 'table' || writes(thing),
    );
    if (because !== null) throw new OperationError(`'${name}' cannot be the name of a new ${thing}: ${because}.`);
  }
}

const writes = (thing: Thing): boolean => ALSO[thing]?.includes('table') === true;

function suggestion(name: string): string {
  const near = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63);
  return FORM.test(near) ? `; '${near}' is one` : '';
}

/** Names that a new thing of its kind cannot have, and what they are. */
function takenBy(thing: Thing, graph: ResolvedGraph): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, what: string) => {
    if (!found.has(name)) found.set(name, what);
  };
  for (const { name, spec } of graph.declared)
    if (spec.kind === KINDS[thing] || isPipelineOfView(thing, spec.kind)) add(name, `declared in ${spec.path}`);
  if (writes(thing)) {
    for (const { name, pipeline } of writtenTables(graph)) add(name, `a table that the pipeline ${pipeline} writes`);
    for (const [name] of graph.resolved) add(name, 'a pipeline');
  }
  return found;
}

/** A view brings a pipeline of its name. */
const isPipelineOfView = (thing: Thing, kind: string): boolean => thing === 'view' && kind === 'Pipeline';

const writtenTables = ({ tables }: Graph) =>
  [...tables.values()].flatMap(({ name, writes: [first] }) => (first ? [{ name, pipeline: first.pipeline }] : []));
