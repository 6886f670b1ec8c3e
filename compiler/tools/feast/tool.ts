import { DEPLOYER } from '../../clients/account.ts';
import { hasServers } from '../../ir/look-up.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { imports, naturalOrder } from '../../render/python-expression.ts';
import { loadTemplate } from '../../render/template.ts';
import { yaml } from '../../render/yaml.ts';
import type { Host, Site } from '../host.ts';
import type { Tool } from '../tool.ts';
import { trackingAs } from '../tracking-account.ts';
import { type Database, ours, type Workload } from '../workload.ts';
import { entityContext, serviceContext, viewContext } from './definitions.ts';
import { live } from './live.ts';
import { entityVariable, moduleName, serviceVariable, sourceVariable, viewVariable } from './names.ts';
import { sources } from './sources.ts';

const template = (file: string) => loadTemplate(new URL(`./templates/${file}.hbs`, import.meta.url));
const entitiesFile = template('entities.py');
const viewFile = template('feature_view.py');
const serviceFile = template('feature_service.py');
const sourcesFile = template('data_sources.py');
const postgresSourcesFile = template('data_sources_postgres.py');
const repositoryFile = template('repository.py');

/**
 * A Feast repository in two halves: definitions that are the same everywhere, one module per view and
 * service, and each environment's stores and sources.
 */
export const feast = {
  name: 'feast',
  emitCommon: (ir) => [entitiesArtifact(ir), ...viewArtifacts(ir), ...serviceArtifacts(ir)],
  emitEnvironment: (site) => [
    file(site.environment, 'feature_store.yaml', featureStore(site)),
    file(site.environment, 'data_sources.py', dataSources(site.ir, site.environment)),
    file(site.environment, 'repository.py', repository(site.ir)),
  ],
  workloads: (site) => [apply(site)],
  database: 'feast',
  live,
  containers: () => ['apply'],
} satisfies Tool;

const header = (origin: string): string => `Generated from ${origin}; do not edit.`;

function entitiesArtifact(ir: Ir): Artifact {
  const context = { header: header('features/'), entities: ir.entities.map(entityContext) };
  return { path: 'common/feast/entities.py', content: entitiesFile(context), origin: null };
}

function viewArtifacts(ir: Ir): Artifact[] {
  return ir.featureViews.map((view) => ({
    path: `common/feast/feature_views/${moduleName(view.name)}.py`,
    content: viewFile({ header: header(view.origin.file), ...viewContext(view, ir) }),
    origin: view.origin.file,
  }));
}

function serviceArtifacts(ir: Ir): Artifact[] {
  return ir.models.map((model) => ({
    path: `common/feast/feature_services/${moduleName(model.name)}.py`,
    content: serviceFile({ header: header(model.origin.file), ...serviceContext(model) }),
    origin: model.origin.file,
  }));
}

function file(environment: Environment, name: string, content: string): Artifact {
  return { path: `${environment.name}/feast/${name}`, content, origin: environment.origin.file };
}

function featureStore(site: Site): string {
  const { ir, environment } = site;
  const store = {
    project: ir.platform.name,
    provider: 'local',
    ...(hasServers(environment) ? serverStores(site) : embeddedStores(environment)),
    materialization: { pull_latest_features: true },
    entity_key_serialization_version: 3,
  };
  return `# ${header(environment.origin.file)}\n${yaml(store)}`;
}

/** Both are derived. Feast makes the online tables when it registers the views, so the registry goes with them. */
const embeddedFiles = (host: Host): Database[] => [
  {
    file: host.state('feast/registry.db'),
    holds: 'what Feast knows of the compiled definitions, which is registered again',
    recovery: 'nothing is lost',
  },
  {
    file: host.state('feast/online.db'),
    holds: 'the online features, which the published tables still have',
    recovery:
      'delete registry.db beside it, too; features are missing online until the pipelines that bring them there have ' +
      'run, or `mlops backfill VIEW` has',
  },
];

// Else every online read fails for as long as a view is being materialised.
const registryOptions = { cache_ttl_seconds: 60, serve_features_while_materializing: true };

/** Stores without a server. DuckDB, because Feast's default for files loses rows in point-in-time joins. */
function embeddedStores({ name }: Environment) {
  const state = `../../../.mlops/${name}/feast`;
  return {
    registry: { registry_type: 'sql', path: `sqlite:///${state}/registry.db`, ...registryOptions },
    online_store: { type: 'sqlite', path: `${state}/online.db` },
    offline_store: { type: 'duckdb' },
  };
}

/** Passwords are in the environment of whoever opens the store; Feast fills them in. */
function serverStores({ environment, host }: Site) {
  const postgres = host.address('postgres');
  const redis = host.address('redis');
  return {
    registry: {
      registry_type: 'sql',
      // The driver is spelled: a bare postgresql:// is another one from SQLAlchemy 2.1 on.
      path: `postgresql+psycopg://feast:\${MLOPS_POSTGRES_PASSWORD}@${postgres.host}:${postgres.port}/feast`,
      ...registryOptions,
    },
    online_store: {
      type: 'redis',
      connection_string: `${redis.host}:${redis.port},password=\${MLOPS_REDIS_PASSWORD}`,
      key_ttl_seconds: environment.onlineTtlSeconds,
    },
    offline_store: {
      type: 'postgres',
      host: postgres.host,
      port: postgres.port,
      database: 'feast',
      db_schema: 'public',
      user: 'feast',
      password: `\${MLOPS_POSTGRES_PASSWORD}`,
      // Feast's default is to require TLS, which a server on the same host or network does not speak here.
      sslmode: 'prefer',
    },
  };
}

function dataSources(ir: Ir, environment: Environment): string {
  const file = hasServers(environment) ? postgresSourcesFile : sourcesFile;
  return file({
    header: header(environment.origin.file),
    environment: environment.name,
    sources: sources(ir).map((source) => ({
      ...source,
      relation: `public.${source.table}`,
      variable: sourceVariable(source.name),
    })),
  });
}

function repository(ir: Ir): string {
  const modules = [
    { package: '', module: 'data_sources', names: sources(ir).map((source) => sourceVariable(source.name)) },
    { package: '', module: 'entities', names: ir.entities.map((entity) => entityVariable(entity.name)) },
    ...definitions('feature_services', ir.models, serviceVariable),
    ...definitions('feature_views', ir.featureViews, viewVariable),
  ];
  const stated = modules.filter(({ names }) => names.length > 0);
  return repositoryFile({
    header: header(ir.platform.origin.file),
    imports: stated.map((module) => ({ ...module, names: imports(module.names) })),
  });
}

function definitions(folder: string, items: { name: string }[], variable: (name: string) => string) {
  return items
    .map((item) => ({ package: folder, module: moduleName(item.name), names: [variable(item.name)] }))
    .sort((left, right) => naturalOrder(left.module, right.module));
}

/**
 * Writes feature definitions, experiments and registered models into Feast and MLflow. Where stores are embedded, they
 * are files that it makes itself.
 */
const apply = ({ environment, host }: Site): Workload => ({
  name: 'apply',
  variables: trackingAs(DEPLOYER, host).variables,
  once: true,
  needs: { mlflow: 'healthy', redis: 'healthy', databases: 'completed' },
  ...(hasServers(environment) ? {} : { databases: embeddedFiles(host) }),
  ...ours(host.runtimeCommand('apply'), {
    networks: ['data', 'platform'],
    secrets: trackingAs(DEPLOYER, host).secrets,
    megabytes: 2048,
    cpus: 1,
  }),
});
