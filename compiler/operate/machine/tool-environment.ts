import { delimiter, dirname } from 'node:path';
import type { Workspace } from '../workspace.ts';
import { MARKER } from './process-table.ts';

/** Set for another tool's sake in the user's shell, these would redirect ours. */
const foreign = new RegExp(
  `^(${[
    'AIRFLOW|MLFLOW_|FEAST_|MLOPS_',
    'PYTHON(?!UTF8|UNBUFFERED)|VIRTUAL_ENV|CONDA_|JUPYTER',
    'PG[A-Z]|UVICORN_|GUNICORN_|NODE_OPTIONS|npm_',
  ].join('|')})`,
);

/** The environment of everything that the platform starts: the user's, cleaned, marked as ours, then `variables`. */
export function toolEnvironment(
  workspace: Workspace,
  python: string,
  variables: Record<string, string> = {},
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
  );
  const own = Object.fromEntries(inherited);
  return {
    ...own,
    ...withoutProxy(own),
    PATH: [dirname(python), own['PATH'] ?? ''].join(delimiter),
    MLOPS_ROOT: workspace.root,
    MLOPS_STATE: workspace.state,
    MLOPS_ENV: workspace.environment,
    MLOPS_PYTHON: python,
    ...variables,
    [MARKER]: workspace.state,
    // Airflow sets process titles; by default that overwrites the environment that /proc shows, and our marker with it.
    SPT_NOENV: '1',
  };
}

/** All our addresses are loopback, which no proxy can reach. */
function withoutProxy(own: Record<string, string>): Record<string, string> {
  const hosts = [own['no_proxy'] ?? own['NO_PROXY'], '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { no_proxy: hosts, NO_PROXY: hosts };
}
