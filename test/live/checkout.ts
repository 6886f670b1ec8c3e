/** What a platform of the tests compiles to, checked out in a temporary folder, on free ports. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { checkOut } from '../conformance/compiled.ts';

/** Airflow without what runs tasks, and MLflow's database instead of its server. */
export async function localCheckout(): Promise<{ workspace: Workspace; remove: () => void }> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-live-'));
  checkOut(folder);
  symlinkSync(dirname(dirname(testPython())), join(folder, '.venv'));
  const workspace = openWorkspace(folder, 'local');
  await rewrite(workspace.plan, keepAirflow);
  await rewrite(join(folder, 'generated/local/runtime/environment.json'), ({ mlflow: _, ...environment }) => ({
    ...environment,
    mlflow: { tracking_uri: `sqlite:///${folder}/mlflow.db` },
  }));
  return { workspace, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

type Json = Record<string, unknown>;

async function rewrite(file: string, change: (content: Json) => Json | Promise<Json>): Promise<void> {
  writeFileSync(file, JSON.stringify(await change(JSON.parse(readFileSync(file, 'utf8')) as Json)));
}

async function keepAirflow(plan: Json): Promise<Json> {
  const named = (list: unknown, names: string[]) =>
    (list as { name: string }[]).filter(({ name }) => names.includes(name));
  const processes = named(plan['processes'], ['airflow-api-server', 'airflow-dag-processor']);
  const variables = plan['environment_variables'] as Record<string, string>;
  // New files are looked for at once; how soon a known one is read again stays as it is.
  variables['AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL'] = '1';
  const kept = { ...plan, setup: named(plan['setup'], ['airflow-db']), processes };
  const { port } = processes[0] as { port?: number };
  return JSON.parse(JSON.stringify(kept).replaceAll(String(port), String(await freePort()))) as Json;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
