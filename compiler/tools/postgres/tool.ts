import { hasServers } from '../../ir/look-up.ts';
import { json } from '../../render/json.ts';
import type { Tool } from '../tool.ts';
import { live } from './live.ts';
import { cluster, databases, server } from './workloads.ts';

/** PostgreSQL: Feast's registry and offline store, MLflow's and Airflow's metadata. */
export const postgres = {
  name: 'postgres',
  workloads: (site) => (hasServers(site.environment) ? [cluster(site), server(site), databases(site)] : []),
  emitEnvironment: ({ environment, databases: names }) =>
    hasServers(environment)
      ? [
          {
            path: `${environment.name}/postgres/databases.json`,
            content: json({ databases: [...names] }),
            origin: environment.origin.file,
          },
        ]
      : [],
  shared: ({ environment }) =>
    hasServers(environment) ? { secretVariables: { MLOPS_POSTGRES_PASSWORD: 'postgres' } } : {},
  ports: { postgres: { title: 'PostgreSQL', usual: 5432 } },
  containers: () => ['postgres', 'databases'],
  volumes: ['postgres'],
  programs: {
    postgres: {
      title: 'PostgreSQL',
      from: "Debian's postgresql",
      // Debian keeps each major version in a folder of its own.
      find: { names: ['postgres'], versions: '/usr/lib/postgresql' },
    },
    initdb: {
      title: "PostgreSQL's initdb",
      from: "Debian's postgresql",
      find: { names: ['initdb'], versions: '/usr/lib/postgresql' },
    },
    'pg-dump': {
      title: "PostgreSQL's pg_dump",
      from: "Debian's postgresql",
      find: { names: ['pg_dump'], versions: '/usr/lib/postgresql' },
    },
    'pg-restore': {
      title: "PostgreSQL's pg_restore",
      from: "Debian's postgresql",
      find: { names: ['pg_restore'], versions: '/usr/lib/postgresql' },
    },
  },
  install: { packages: [{ name: 'postgresql', evidence: '/usr/lib/postgresql' }] },
  live,
} satisfies Tool;
