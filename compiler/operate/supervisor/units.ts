/** What becomes of the plan on this machine: every placeholder filled in. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Caller } from '../../clients/account.ts';
import { runtimeOf } from '../../product/product.ts';
import { isTried } from '../canary.ts';
import { apiOf, keptApis } from '../kept-apis.ts';
import { UNIT_MARKER } from '../machine/process-table.ts';
import { programPath } from '../machine/server-programs.ts';
import { toolEnvironment } from '../machine/tool-environment.ts';
import { overlayPython } from '../python/overlay.ts';
import { atRelease, currentLink, isSpec, releaseAt, releasedPackages } from '../releases.ts';
import { generatedSecret } from '../secrets.ts';
import type { Workspace } from '../workspace.ts';
import { digestsOf, given, secretsOfUser, type Values } from './given-secrets.ts';
import { type PlannedCanary, type PlannedProcess, type ProcessPlan, readPlan } from './process-plan.ts';

/** A step runs to its end, a process keeps running. Everything is filled in: this is what gets started. */
export interface Unit {
  name: string;
  kind: 'step' | 'process';
  command: string[];
  cwd: string;
  env: Record<string, string>;
  needs: string[];
  port: number | null;
  address: string | null;
  health: string | null;
  /** Asked by `status` alone: whether a caller gets what it asks for. */
  ready: string | null;
  log: string;
  /** Where its processes meet, of which one follows the other; null where it is ended and started. */
  rolls: string | null;
  /** What the next one is given before it takes over; null where it takes over as soon as it is ready. */
  canary: PlannedCanary | null;
  /** Of all that makes it what it is: what it reads when it starts, and secrets that it takes, included. */
  digest: string;
}

export function resolveUnits(workspace: Workspace, plan: ProcessPlan, secrets: Values): Unit[] {
  const kept = new Map(Object.entries(keptApis(workspace)).map(([model, id]) => [apiOf(model), id]));
  return [
    ...plan.setup.map((step) =>
      resolveUnit(workspace, plan, { port: null, address: null, health: null, ...step }, 'step', secrets),
    ),
    ...plan.processes.map(
      (one) =>
        keptUnit(workspace, kept.get(one.name), one, secrets) ?? resolveUnit(workspace, plan, one, 'process', secrets),
    ),
  ];
}

/**
 * As its own release has it, so that it goes on, and starts there again where it dies. What variables the current one
 * gives it beside that it has too: accounts of servers that were without any then.
 */
function keptUnit(workspace: Workspace, release: string | undefined, now: PlannedProcess, secrets: Values) {
  if (release === undefined) return null;
  const there = atRelease(workspace, release);
  const plan = readPlan(there);
  const planned = plan.processes.find((each) => each.name === now.name);
  return planned
    ? resolveUnit(there, plan, { ...planned, env: { ...now.env, ...planned.env } }, 'process', secrets)
    : null;
}

function resolveUnit(
  workspace: Workspace,
  plan: ProcessPlan,
  planned: PlannedProcess,
  kind: Unit['kind'],
  secrets: Values,
): Unit {
  const python = planned.lock ? overlayPython(workspace, planned.lock) : workspace.python;
  const root = planned.reloads ? stableRoot(workspace) : workspace.root;
  const fill = (text: string) => fillPlaceholders(text, { workspace, plan, python, root });
  const variables = { ...plan.environment_variables, ...planned.env, [UNIT_MARKER]: planned.name };
  const filled = filledIn(variables, fill);
  const fixed = {
    name: planned.name,
    kind,
    command: planned.command.map(fill),
    cwd: root,
    needs: planned.needs ?? [],
    port: planned.port,
    address: planned.address,
    health: planned.health,
    ready: planned.ready ?? null,
    log: join(workspace.logs, `${planned.name}.log`),
  };
  const inputs = digestOf(workspace.root, planned.reads ?? []);
  const taken = given(planned.takes, secrets);
  // Another release in which this is the same leaves it running: where the files lie is no part of it.
  const unplaced = (text: string) => fillPlaceholders(text, { workspace, plan, python, root: null });
  const same = { command: planned.command.map(unplaced), cwd: null, env: filledIn(variables, unplaced) };
  const runtime = kind === 'process' && runsRuntime(planned) ? runtimeDigest(workspace) : null;
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...fixed, ...same, inputs, runtime, secrets: digestsOf(workspace, taken) }))
    .digest('hex');
  const rolls = planned.rolls ? join(workspace.run, 'rolling', planned.name) : null;
  const canary = (isTried(workspace) && planned.canary) || null;
  return { ...fixed, rolls, canary, env: { ...toolEnvironment(workspace, python, filled), ...taken }, digest };
}

/** The environment in which the platform's own Python is called from outside, with what that caller alone is given. */
export function platformEnvironment(workspace: Workspace, caller?: Caller): Record<string, string> {
  const plan = readPlan(workspace);
  const { python, root } = workspace;
  const own = caller === undefined ? {} : plan.callers?.[caller];
  const filled = filledIn({ ...plan.environment_variables, ...own }, (text) =>
    fillPlaceholders(text, { workspace, plan, python, root }),
  );
  return { ...toolEnvironment(workspace, python, filled), ...secretsOfUser(workspace) };
}

/** A command of the plan, with every placeholder filled in. */
export function resolveCommand(workspace: Workspace, plan: ProcessPlan, command: readonly string[]): string[] {
  const { python, root } = workspace;
  return command.map((text) => fillPlaceholders(text, { workspace, plan, python, root }));
}

const filledIn = (variables: Record<string, string>, fill: (text: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)]));

/** The link that is there in every release; a checkout has none. */
const stableRoot = (workspace: Workspace): string =>
  releaseAt(workspace) === null ? workspace.root : currentLink(workspace);

interface Places {
  workspace: Workspace;
  plan: ProcessPlan;
  python: string;
  /** Null leaves the placeholders of the root and of what lies in it. */
  root: string | null;
}

function fillPlaceholders(text: string, { workspace, plan: { programs }, python, root }: Places): string {
  return text.replace(/\$\{(secret:|tool:)?([A-Za-z0-9_-]+)\}/g, (whole, kind: string | undefined, name: string) => {
    if (kind === 'secret:') return generatedSecret(workspace.state, name);
    if (kind === 'tool:') {
      const program = programs[name];
      return program ? programPath(program) : whole;
    }
    const known: Record<string, string> = {
      state: workspace.state,
      bin: dirname(python),
      python,
      ...(root === null ? {} : inRoot(root)),
    };
    return known[name] ?? whole;
  });
}

const inRoot = (root: string): Record<string, string> => ({
  root,
  // Python takes an empty PYTHONPATH for none: a wheel is among the environment's packages.
  runtime: runtimeOf(root).sources ?? '',
});

const runsRuntime = ({ command }: PlannedProcess): boolean => command.includes('mlops_runtime');

/** Of its sources, where it has them: a wheel is installed, which nothing running outlives. */
function runtimeDigest({ root }: Workspace): string {
  const { sources } = runtimeOf(root);
  return sources === null ? '' : digestOf(sources, ['mlops_runtime']);
}

function installedPackages({ root }: Workspace): string {
  const { lock, wheel } = runtimeOf(root);
  return [lock, wheel].map((file) => (file ? readFileSync(file, 'base64') : '')).join();
}

/** Differs when anything that is started differs, or what it reads; secrets and the user's own variables aside. */
export function planDigest(workspace: Workspace): string {
  const { processes } = readPlan(workspace);
  const hash = createHash('sha256').update(readFileSync(workspace.plan));
  hash.update(releasedPackages(workspace) ?? installedPackages(workspace));
  return hash
    .update(runtimeDigest(workspace))
    .update(digestOf(workspace.root, [...new Set(processes.flatMap(({ reads }) => reads ?? []))]))
    .update(Object.entries(keptApis(workspace)).sort().join())
    .digest('hex');
}

/** Of all files at these paths and below; what Python and editors leave there aside, and a team's specs. */
function digestOf(root: string, paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of [...paths].sort())
    for (const file of filesBelow(root, path).filter((each) => !isSpec(each)))
      hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesBelow(root: string, path: string): string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(join(root, path))
    .filter((name) => name !== '__pycache__' && !name.startsWith('.'))
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`));
}
