/**
 * A host is one folder and one line of the registry: `made-up/host.ts` is such a folder, `[...hosts, quadlet]` the
 * line. Everything else here is the real compiler, which knows nothing of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { platformSchema } from '../../scripts/platform-schema.ts';
import { checks } from '../checks/registry.ts';
import { createCompiler } from '../compile.ts';
import { hosts } from '../hosts/registry.ts';
import type { Ir } from '../ir/types.ts';
import { lower } from '../lower/lower.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { tools } from '../tools/registry.ts';
import { type Edits, environmentOf, fixtureSources } from './fixture.ts';
import { quadlet } from './made-up/host.ts';

const compiler = createCompiler(tools, [...hosts, quadlet]);

/** The fixture's `prod` runs on it. The schema has no such runtime before `npm run generate` wrote it there. */
function graphWith(edits: Edits = {}): ResolvedGraph {
  const { graph } = compiler.analyse(fixtureSources(edits));
  const { prod } = graph?.platform.value.environments ?? {};
  assert.ok(graph && prod);
  Object.assign(prod, { runtime: 'quadlet', metrics_retention: undefined });
  return graph as ResolvedGraph;
}

const ir: Ir = lower(graphWith());
const files = new Map(compiler.emit(ir).map(({ path, content }) => [path, content]));

test('an environment that states it is lowered by its facts', () => {
  const { metricsRetentionSeconds, listens, ports, services } = environmentOf(ir, 'prod');
  assert.is(metricsRetentionSeconds, 45 * 86_400);
  // What people reach it by is the environment's; what it listens on in its own network is the tool's own.
  assert.equal([ports['grafana'], listens['grafana']], [3001, 3000]);
  assert.ok(
    services.some(({ canary }) => canary !== null),
    'it has a proxy',
  );
});

test('every workload that runs in containers is rendered by it, and by no other host', () => {
  const rendered = [...files.keys()].filter((path) => path.startsWith('prod/quadlet/'));
  assert.ok(rendered.length > 20);
  for (const name of ['postgres', 'airflow', 'serving-departure_delay', 'grafana', 'feedback'])
    assert.ok(rendered.includes(`prod/quadlet/${name}.container`), name);
  assert.equal(
    [...files.keys()].filter((path) => /^prod\/(compose|process)\//.test(path)),
    [],
  );
  assert.is(files.get('prod/quadlet/apply.container'), '[Container]\nExec=mlops apply\n');
  assert.match(files.get('prod/quadlet/mlflow.container') ?? '', 'Exec=mlops mlflow server --host :: --port 5000');
});

test('what tools are told of their environment is told by it', () => {
  const { scrape_configs: jobs } = parse(files.get('prod/prometheus/prometheus.yml') ?? '');
  const targets = jobs.map(({ static_configs }: { static_configs: { targets: string[] }[] }) => static_configs[0]);
  assert.ok(targets.some((each: { targets: string[] }) => each.targets[0] === 'prometheus.pod:9090'));
  const { mlflow, monitor } = JSON.parse(files.get('prod/runtime/environment.json') ?? '');
  assert.equal([mlflow.tracking_uri, monitor.host, monitor.port], ['http://mlflow.pod:5000', '::', 9400]);
  assert.match(files.get('prod/proxy/nginx.conf') ?? '', 'resolver 10.0.0.53 ');
  assert.match(files.get('prod/alertmanager/alertmanager.yml') ?? '', '/srv/provided/slack_webhook');
});

test('checks go by its facts: in a network of its own `localhost` leads nowhere', () => {
  const codes = (graph: ResolvedGraph) =>
    checks.flatMap((check) => check.run(graph, '2026-11-25')).map(({ code }) => code);
  // What the fixture's comments suppress.
  const usual = codes(graphWith());
  const found = (graph: ResolvedGraph) => codes(graph).filter((code) => !usual.includes(code));
  const airline = graphWith({ 'platform.yaml': [['postgresql://db/flights', 'postgresql://localhost/flights']] });
  assert.equal(found(airline), ['PLT008']);
  const embedded = graphWith();
  Object.assign(embedded.platform.value.environments['prod'] ?? {}, { stores: 'embedded' });
  assert.ok(found(embedded).includes('SPC012'));
  assert.not(usual.includes('PLT008') || usual.includes('SPC012'));
});

test('the schema that is generated with it knows its name, and what it keeps', () => {
  const schema = readFileSync(join(import.meta.dirname, '../spec-schema/platform.schema.json'), 'utf8');
  const { environments } = JSON.parse(platformSchema(schema, compiler.inventory)).properties;
  const { runtime, metrics_retention } = environments.additionalProperties.properties;
  assert.equal(runtime.enum, ['process', 'compose', 'quadlet']);
  assert.match(runtime.description, '`quadlet`: containers that systemd starts');
  assert.is(metrics_retention['x-default-by'].runtime.quadlet, '45d');
});

test.run();
