import { hasServers } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { json } from '../../render/json.ts';
import type { HostType } from '../host.ts';
import { airflowProcesses, airflowSetup, airflowVariables } from './airflow.ts';
import { kafka } from './kafka.ts';
import { logs } from './logs.ts';
import { mlflowProcess, mlflowVariables } from './mlflow.ts';
import { monitor } from './monitor.ts';
import { python, root } from './placeholders.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { redis } from './redis.ts';
import type { ServerModule, ServerProcess } from './server.ts';
import { servingProcess } from './serving.ts';
import { streaming } from './streaming.ts';

/** The environment's tools as supervised processes on one machine. */
export const process: HostType = {
  name: 'process',
  emit: (ir, environment) => [
    {
      path: `${environment.name}/process/processes.json`,
      content: json(processes(ir, environment)),
      origin: environment.origin.file,
    },
  ],
};

function processes(ir: Ir, environment: Environment) {
  const modulesOf = (modules: readonly ServerModule[]) =>
    hasServers(environment) ? modules.map((each) => each(ir, environment)) : [];
  const [stores, servers] = [modulesOf(storeModules), modulesOf(serverModules)];
  return {
    environment: environment.name,
    state: `.mlops/${environment.name}`,
    setup: [
      ...stores.flatMap(({ setup }) => setup),
      airflowSetup(environment),
      applySetup(environment),
      ...servers.flatMap(({ setup }) => setup),
    ],
    processes: [
      ...stores.flatMap(({ processes }) => processes),
      mlflowProcess(environment),
      ...airflowProcesses(environment),
      ...environment.services.map((service) => servingProcess(service, ir, environment)),
      ...servers.flatMap(({ processes }) => processes),
    ].map(inOrder),
    environment_variables: {
      MLOPS_ROOT: root,
      MLOPS_ENV: environment.name,
      MLOPS_PYTHON: python,
      PYTHONPATH: `${root}/runtime`,
      ...Object.fromEntries(stores.flatMap(({ variables }) => Object.entries(variables))),
      ...mlflowVariables(environment),
      ...airflowVariables(environment),
    },
  };
}

/** What only environments with servers run; one line a server. */
const storeModules: readonly ServerModule[] = [postgres, redis, kafka];
const serverModules: readonly ServerModule[] = [streaming, monitor, prometheus, logs];

/** The same keys in the same order for each process. */
function inOrder({ name, command, env, lock, port, port_field, address, health, needs, reads }: ServerProcess) {
  const stated = { ...(port_field ? { port_field } : {}) };
  return { name, command, env, lock, port, ...stated, address, health, needs, ...(reads ? { reads } : {}) };
}

/** Writes feature definitions, experiments and registered models into Feast and MLflow. */
const applySetup = (environment: Environment) => ({
  name: 'apply',
  command: [python, '-m', 'mlops_runtime', 'apply'],
  env: {},
  // Feast's registry and stores are servers, or files that it makes itself.
  needs: hasServers(environment) ? ['mlflow', 'redis', 'databases'] : ['mlflow'],
});
