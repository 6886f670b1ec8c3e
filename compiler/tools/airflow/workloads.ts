import { hasServers } from '../../ir/look-up.ts';
import type { Site } from '../host.ts';
import { trackingAs } from '../tracking-account.ts';
import { APPLIED, type Container, ours, type Workload } from '../workload.ts';
import { logIn, passwords } from './accounts.ts';
import { embeddedDatabase, settings } from './settings.ts';

/** Airflow's parts one by one: `airflow standalone` also starts log servers, on all interfaces. */
export function workloads(site: Site): Workload[] {
  const shared = settings(site);
  const tasks = trackingAs('pipelines', site.host);
  const part = (
    words: string[],
    workload: Omit<Workload, 'program' | 'container'>,
    container: Omit<Container, 'image' | 'networks'>,
    process = {},
  ): Workload => ({
    ...workload,
    shared,
    ...ours([site.host.bin('airflow'), ...words], { networks: ['platform', 'data'], ...container }, process),
  });
  return [
    part(
      ['db', 'migrate'],
      {
        name: 'airflow-db',
        once: true,
        needs: { state: 'completed', databases: 'completed' },
        ...(hasServers(site.environment) ? {} : { databases: [embeddedDatabase(site.host)] }),
      },
      { megabytes: 1024, cpus: 1 },
    ),
    part(
      ['api-server'],
      {
        name: 'airflow',
        reloads: true,
        port: { part: 'airflow' },
        health: { http: '/api/v2/version' },
        secretVariables: passwords,
        logIn,
        needs: { 'airflow-db': 'completed' },
      },
      { open: 'loopback', megabytes: 1536, cpus: 1 },
      { name: 'airflow-api-server' },
    ),
    part(
      ['scheduler', '--skip-serve-logs'],
      {
        name: 'airflow-scheduler',
        reloads: true,
        runsSteps: true,
        variables: tasks.variables,
        health: saysTheApi('scheduler.status=healthy'),
        // What is due starts at once: it reports through the API server, and reads what is registered.
        needs: { airflow: 'healthy', ...APPLIED },
      },
      // The tasks run in it, and are given time to end.
      { secrets: tasks.secrets, megabytes: 8192, cpus: 4, grace: 120 },
    ),
    part(
      ['dag-processor'],
      {
        name: 'airflow-dag-processor',
        reloads: true,
        health: saysTheApi('dag_processor.status=healthy'),
        needs: { 'airflow-db': 'completed' },
      },
      { megabytes: 1024, cpus: 1 },
    ),
  ];
}

const saysTheApi = (says: string) => ({ of: 'airflow', http: '/api/v2/monitor/health', says });
