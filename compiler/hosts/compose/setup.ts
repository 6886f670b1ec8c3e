/** One-shots: each brings a server to what was compiled, and changes nothing where it is so already. */
import type { Environment, Ir } from '../../ir/types.ts';
import { build, type Ours, ours, runtime, stateOf } from './ours.ts';
import { own, secretFile } from './secrets.ts';
import type { Service, ServiceModule } from './service.ts';

/** Roles of the platform, each with a database of its name. */
const DATABASES = ['mlflow', 'airflow', 'feast'];

export const setup: ServiceModule = (ir, environment) => {
  const once = (job: Omit<Ours, 'memory' | 'cpus' | 'once'>): Service =>
    ours(ir, environment, { ...job, memory: 2048, cpus: 1, once: true });
  return {
    state: { build: build('platform'), ...once(stateFolder(environment)) },
    databases: once({
      command: runtime('databases', ...DATABASES),
      networks: ['data'],
      needs: { postgres: 'service_healthy' },
      // The superuser is known to PostgreSQL and to this step, and to nobody else.
      secrets: [own.postgresAdmin],
      variables: { MLOPS_POSTGRES_ADMIN_PASSWORD_FILE: secretFile(own.postgresAdmin) },
    }),
    apply: once({
      command: runtime('apply'),
      networks: ['data', 'platform'],
      needs: { mlflow: 'service_healthy', redis: 'service_healthy', databases: 'service_completed_successfully' },
    }),
    ...(environment.consumers.length > 0
      ? { topics: once({ command: runtime('topics'), networks: ['data'], needs: { kafka: 'service_healthy' } }) }
      : {}),
    ...(hasLocks(ir) ? { environments: once(environments) } : {}),
  };
};

/** The first to use the volume: a folder that Docker made for a mount inside of it would belong to root. */
const stateFolder = (environment: Environment): Omit<Ours, 'memory' | 'cpus'> => ({
  command: ['mkdir', '-p', `${stateOf(environment)}/metrics`],
  networks: ['data'],
});

const environments: Omit<Ours, 'memory' | 'cpus'> = {
  command: ['python', '-m', 'mlops_runtime.containers.environments'],
  // pip reaches the package index from here.
  networks: ['platform'],
  needs: { state: 'service_completed_successfully' },
};

/** Whether a model or a step brings packages of its own. */
export const hasLocks = ({ models, pipelines }: Ir): boolean =>
  [...models, ...pipelines.flatMap(({ steps }) => steps.map(({ run }) => run))].some(
    (each) => 'lock' in each && each.lock !== null,
  );

/** What must have ended before anything reads features or models. */
export const applied = (ir: Ir) => ({
  apply: 'service_completed_successfully' as const,
  ...(hasLocks(ir) ? { environments: 'service_completed_successfully' as const } : {}),
});
