/** What is made of what, from tables to dashboards: things by address, and the edges between them. Pure. */
import { byText } from '../diagnostics/diagnostic.ts';
import { parseAddress } from '../ir/address.ts';
import { objectsByAddress } from '../ir/objects.ts';
import type { Ir, Origin } from '../ir/types.ts';
import { kindOf, nameOf } from '../plan/objects.ts';
import { ownerOf } from '../plan/owners.ts';
import type { ReachedKind } from '../plan/types.ts';
import { panelsIn, watchersIn } from '../plan/watching.ts';
import { type Edges, flowIn } from './flow.ts';

export interface Thing {
  address: string;
  kind: ReachedKind;
  /** What people call it: `plane_delays.last_delay`. */
  name: string;
  owner: string | null;
  description: string;
  /** Null for what stands in no spec: a dashboard or an alert of the platform. */
  origin: Pick<Origin, 'file' | 'line'> | null;
}

export interface Lineage {
  format: 1;
  things: Thing[];
  /** Data goes from one to the other, by address. */
  edges: { from: string; to: string }[];
}

export interface Detail {
  /** Columns, features and inputs by themselves, instead of the tables, views and models that hold them. */
  columns: boolean;
  /** Alerts and dashboards, too; by columns, each panel by itself. */
  watching: boolean;
}

/** Sorted by address. What is an island stays: a table that nobody reads is worth seeing. */
export function lineageOf(ir: Ir, detail: Detail): Lineage {
  const things = new Map<string, Thing>();
  const objects = objectsByAddress(ir);
  const edges: Edges = flowIn(ir, detail.columns, detail.watching);
  for (const address of edges.addresses) {
    const object = objects.get(address) as { origin: Origin; description?: string } | undefined;
    if (object) things.set(address, thingOf(address, object, ir));
  }
  if (detail.watching) watch(things, edges, ir, detail.columns);
  const pairs = edges.pairs().filter(({ from, to }) => things.has(from) && things.has(to));
  return {
    format: 1,
    things: [...things.values()].sort((a, b) => byText(a.address, b.address)),
    edges: pairs.sort((a, b) => byText(a.from, b.from) || byText(a.to, b.to)),
  };
}

type Stated = { origin: Origin; description?: string } | undefined;

/** With what watches the things: alerts and dashboards, and their panels where these are asked for. */
function watch(things: Map<string, Thing>, edges: Edges, ir: Ir, byPanel: boolean): void {
  const objects = objectsByAddress(ir);
  const nearest = nearestIn([...things.keys()]);
  const panels = byPanel ? panelsIn(ir) : [];
  const shown = new Set(panels.map(({ within }) => within.address));
  const add = (address: string, kind: ReachedKind, name: string, owner: string | null): void => {
    const { description = '', origin = null } = (objects.get(address) as Stated) ?? {};
    things.set(address, { address, kind, name, owner, description, origin: origin && placeOf(origin) });
  };
  for (const [watched, watchers] of watchersIn(ir))
    for (const from of nearest(watched))
      for (const { address, of, name, owner } of watchers) {
        add(address, of, name, owner);
        if (!shown.has(address)) edges.add(from, address);
      }
  for (const { address, within, name, reads } of panels) {
    const sources = reads.flatMap(nearest);
    // A dashboard about the machines reads nothing that is made of anything.
    if (sources.length === 0) continue;
    add(within.address, within.of, within.name, null);
    add(address, 'panel', name, null);
    for (const from of sources) edges.add(from, address);
    edges.add(address, within.address);
  }
}

const placeOf = ({ file, line }: Origin) => ({ file, line });

function thingOf(
  address: string,
  { origin, description = '' }: { origin: Origin; description?: string },
  ir: Ir,
): Thing {
  const kind = kindOf(parseAddress(address) ?? []);
  return { address, kind, name: nameOf(address), owner: ownerOf(address, ir), description, origin: placeOf(origin) };
}

/** Where what is watched stands in the picture: itself, what lies in it, or what it lies in. */
function nearestIn(addresses: readonly string[]): (watched: string) => string[] {
  const known = new Set(addresses);
  const features = new Map<string, string[]>();
  for (const each of addresses) {
    const end = each.indexOf('/feature/');
    if (end > 0) features.set(each.slice(0, end), [...(features.get(each.slice(0, end)) ?? []), each]);
  }
  return (watched) => {
    if (known.has(watched)) return [watched];
    const outer = watched.split('/').slice(0, 2).join('/');
    return features.get(watched) ?? (known.has(outer) ? [outer] : []);
  };
}
