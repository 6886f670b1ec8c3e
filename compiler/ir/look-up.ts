/** Look-ups in an IR. Nothing changes a list once it is lowered, so each is indexed at its first question. */
import type { Environment, Ports } from './environments.ts';

type LookUp<T> = <Each extends T>(list: readonly Each[], key: string) => Each | undefined;

/** What `list.find` with that key gives, without going through the list each time. */
function lookUp<T>(keyOf: (each: T) => string): LookUp<T> {
  const indexes = new WeakMap<readonly T[], Map<string, T>>();
  return <Each extends T>(list: readonly Each[], key: string) => {
    const index = indexes.get(list) ?? indexOf(list, keyOf);
    indexes.set(list, index);
    return index.get(key) as Each | undefined;
  };
}

function indexOf<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T> {
  const index = new Map<string, T>();
  for (const each of list) if (!index.has(keyOf(each))) index.set(keyOf(each), each);
  return index;
}

/** Entities, views, tables, models, pipelines. */
export const named = lookUp<{ name: string }>(({ name }) => name);
/** An environment's services. */
export const ofModel = lookUp<{ model: string }>(({ model }) => model);
/** An environment's consumers. */
export const ofView = lookUp<{ view: string }>(({ view }) => view);
/** The first view of a table. */
export const ofTable = lookUp<{ batch: { table: string } }>(({ batch }) => batch.table);

/** The port of a part that there is. */
export function portOf(ports: Ports, part: string): number {
  const port = ports[part];
  if (port === undefined) throw new Error(`no part is called '${part}'`);
  return port;
}

export const hasServers = ({ stores }: Pick<Environment, 'stores'>): boolean => stores === 'servers';
