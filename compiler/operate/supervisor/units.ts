/** What becomes of the plan on this machine: every placeholder filled in. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeOf } from '../../product/product.ts';
import { UNIT_MARKER } from '../machine/process-table.ts';
import { programPath } from '../machine/server-programs.ts';
import { toolEnvironment } from '../machine/tool-environment.ts';
import { overlayPython } from '../python/overlay.ts';
import { generatedSecret } from '../secrets.ts';
import type { Workspace } from '../workspace.ts';
import { digestsOf, given, secretsOfUser, type Values } from './given-secrets.ts';
import { type PlannedProcess, type ProcessPlan, readPlan } from './process-plan.ts';

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
  /** Of all that makes it what it is: what it reads when it starts, and secrets that it takes, included. */
  digest: string;
}

export function resolveUnits(workspace: Workspace, plan: ProcessPlan, secrets: Values): Unit[] {
  return [
    ...plan.setup.map((step) =>
      resolveUnit(workspace, plan, { port: null, address: null, health: null, ...step }, 'step', secrets),
    ),
    ...plan.processes.map((one) => resolveUnit(workspace, plan, one, 'process', secrets)),
  ];
}

function resolveUnit(
  workspace: Workspace,
  plan: ProcessPlan,
  planned: PlannedProcess,
  kind: Unit['kind'],
  secrets: Values,
): Unit {
  const python = planned.lock ? overlayPython(workspace, planned.lock) : workspace.python;
  const fill = (text: string) => fillPlaceholders(text, workspace, plan, python);
  const variables = { ...plan.environment_variables, ...planned.env, [UNIT_MARKER]: planned.name };
  const filled = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)]));
  const fixed = {
    name: planned.name,
    kind,
    command: planned.command.map(fill),
    cwd: workspace.root,
    needs: planned.needs ?? [],
    port: planned.port,
    address: planned.address,
    health: planned.health,
    ready: planned.ready ?? null,
    log: join(workspace.logs, `${planned.name}.log`),
  };
  const inputs = digestOf(workspace.root, planned.reads ?? []);
  const taken = given(planned.takes, secrets);
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...fixed, env: filled, inputs, secrets: digestsOf(workspace, taken) }))
    .digest('hex');
  return { ...fixed, env: { ...toolEnvironment(workspace, python, filled), ...taken }, digest };
}

/** The environment in which the platform's own Python is called from outside: apply, backfill, the notebook. */
export function platformEnvironment(workspace: Workspace): Record<string, string> {
  const plan = readPlan(workspace);
  const variables = Object.entries(plan.environment_variables);
  const filled = variables.map(([name, value]) => [name, fillPlaceholders(value, workspace, plan, workspace.python)]);
  return { ...toolEnvironment(workspace, workspace.python, Object.fromEntries(filled)), ...secretsOfUser() };
}

function fillPlaceholders(text: string, workspace: Workspace, { programs }: ProcessPlan, python: string): string {
  return text.replace(/\$\{(secret:|tool:)?([A-Za-z0-9_-]+)\}/g, (whole, kind: string | undefined, name: string) => {
    if (kind === 'secret:') return generatedSecret(workspace.state, name);
    if (kind === 'tool:') {
      const program = programs[name];
      return program ? programPath(program) : whole;
    }
    const known: Record<string, string> = {
      root: workspace.root,
      state: workspace.state,
      bin: dirname(python),
      python,
      // Python takes an empty PYTHONPATH for none: a wheel is among the environment's packages.
      runtime: runtimeOf(workspace.root).sources ?? '',
    };
    return known[name] ?? whole;
  });
}

/** Differs when anything that is started differs, or what it reads; secrets and the user's own variables aside. */
export function planDigest(workspace: Workspace): string {
  const { processes } = readPlan(workspace);
  const hash = createHash('sha256').update(readFileSync(workspace.plan));
  const { lock, wheel } = runtimeOf(workspace.root);
  for (const file of [lock, wheel]) if (file) hash.update(readFileSync(file));
  return hash
    .update(digestOf(workspace.root, [...new Set(processes.flatMap(({ reads }) => reads ?? []))]))
    .digest('hex');
}

/** Of all files at these paths and below; what Python and editors leave there aside. */
function digestOf(root: string, paths: string[]): string {
  const hash = createHash('sha256');
  for (const path of [...paths].sort())
    for (const file of filesBelow(root, path)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
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
