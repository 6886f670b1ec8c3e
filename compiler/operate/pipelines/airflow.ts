/** The environment's Airflow, and the pipelines that were compiled for it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYER, logInOf } from '../../clients/account.ts';
import { Airflow } from '../../clients/airflow.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { generatedSecret } from '../secrets.ts';
import { addressOf } from '../supervisor/process-plan.ts';
import type { Workspace } from '../workspace.ts';

export function airflowOf(workspace: Workspace): Airflow {
  const address = addressOf(workspace, 'airflow-api-server');
  if (address === null) throw new OperationError(`The environment '${workspace.environment}' has no Airflow.`);
  return new Airflow(
    address,
    logInOf('airflow', DEPLOYER, (name) => generatedSecret(workspace.state, name)),
  );
}

/** Names of the compiled pipelines, sorted; some DAGs only start one of them. */
export function pipelinesOf(workspace: Workspace): string[] {
  const folder = join(workspace.root, 'generated', 'common', 'runtime', 'pipelines');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}
