/** Data that a release asked for, and that what is deployed asks for no more: looked at, and said. */
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Progress } from '../operate/progress.ts';
import { atRelease, knownReleases, releaseAt } from '../operate/releases.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Compiled, type DataKind, type Holding, type LeftData, lineOf } from '../tools/data.ts';
import type { Live } from '../tools/live.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { liveContext } from './context.ts';
import { attempts } from './ledger.ts';
import { askedFor, recordAskedFor } from './owned.ts';

/** Every kind there is, and how one object is looked at and dropped. */
export interface Holdings {
  kinds: readonly DataKind[];
  /** Those of the addresses that hold something. Changes nothing. */
  look(live: Live, addresses: readonly string[]): Promise<Record<string, Holding>>;
  /** For good; what is gone already is nothing. */
  drop(live: Live, address: string): Promise<void>;
}

const kinds: readonly DataKind[] = (tools as readonly Tool[]).flatMap(({ data }) => data ?? []);

export const holdings: Holdings = {
  kinds,
  async look(live, addresses) {
    const { held } = await live.callRuntime(['data', 'look'], JSON.stringify(addresses));
    return held as Record<string, Holding>;
  },
  async drop(live, address) {
    await live.callRuntime(['data', 'drop'], JSON.stringify([address]));
  },
};

/** The side of `asked-for.json` that has addresses of data. */
const RECORD = 'data';

const silently = (workspace: Workspace): Live => liveContext(workspace, () => {});

/** What a release or a checkout asks for. */
export function askedIn(workspace: Workspace, all: readonly DataKind[]): string[] {
  const compiled: Compiled = silently(workspace);
  return all.flatMap(({ kind, asked }) => asked(compiled).map((name) => `${kind}:${name}`));
}

/** Of a release that begins to run, and of those that ran before there was this record. */
export function recordData(workspace: Workspace, all: readonly DataKind[]): void {
  const known = new Set(knownReleases(workspace));
  const ran = new Set(attempts(workspace).flatMap(({ from, to }) => [from ?? to, to]));
  const releases = [...ran].filter((id) => known.has(id)).map((id) => atRelease(workspace, id));
  recordAskedFor(
    workspace,
    RECORD,
    [workspace, ...releases].flatMap((each) => askedIn(each, all)),
  );
}

/** Addresses that some release asked for; of a kind that only a later compiler knows nothing can be said. */
function oursIn(workspace: Workspace, all: readonly DataKind[]): string[] {
  const older = all.flatMap(({ kind, before: [side, prefix] = ['', ''] }) =>
    askedFor(workspace, side).flatMap((each) =>
      each.startsWith(prefix) ? [`${kind}:${each.slice(prefix.length)}`] : [],
    ),
  );
  const known = askedFor(workspace, RECORD).filter((each) => all.some(({ kind }) => each.startsWith(`${kind}:`)));
  return [...new Set([...known, ...older])].sort();
}

export interface Left {
  /** What `to` asks for, itself. */
  asked: ReadonlySet<string>;
  /** What some release asked for, and `to` does not. */
  candidates: string[];
  /** Those of them that hold something, by address. */
  found: LeftData[];
}

/** `to` is a release or a checkout: beside what it asks for. The stores must run. */
export async function leftBeside(
  to: Workspace,
  { look, kinds: all }: Holdings,
  drop: readonly string[] = [],
): Promise<Left> {
  const asked = new Set(askedIn(to, all));
  const candidates = oursIn(to, all).filter((address) => !asked.has(address));
  const held = candidates.length === 0 ? {} : await look(silently(to), candidates);
  const others = knownReleases(to).filter((id) => id !== releaseAt(to));
  const asking = others.map((id) => [id, new Set(askedIn(atRelease(to, id), all))] as const);
  const found = Object.entries(held).map(([address, holding]) => ({
    ...holding,
    address,
    keptBy: asking.flatMap(([id, those]) => (those.has(address) ? [id] : [])),
    drop: drop.includes(address),
  }));
  return { asked, candidates, found };
}

/** As a plan, and a deploy, have them. */
export const linesOfLeft = (found: readonly LeftData[]): string[] => found.map(lineOf);

/** Never fails a deploy that is done. */
export async function sayLeft(to: Workspace, progress: Progress, all: Holdings): Promise<void> {
  if (liveSupervisor(to) === null) return;
  try {
    for (const each of linesOfLeft((await leftBeside(to, all)).found)) progress.line(each);
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    progress.line(`It is not known what data is left that nothing asks for: ${problem.message}`);
  }
}
