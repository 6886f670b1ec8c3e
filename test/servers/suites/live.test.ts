/** The live sides of an environment with servers, on the real Kafka, OpenSearch, Prometheus and Alertmanager. */
import * as assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import { parse, stringify } from 'yaml';
import { ask } from '../../../compiler/clients/http.ts';
import { platformEnvironment } from '../../../compiler/operate/supervisor/units.ts';
import { bring } from '../../../compiler/release/bring.ts';
import { liveContext } from '../../../compiler/release/context.ts';
import { askPython } from '../../../compiler/test/python-batch.ts';
import { live as alertmanager } from '../../../compiler/tools/alertmanager/live.ts';
import { live as elk } from '../../../compiler/tools/elk/live.ts';
import { live as kafka } from '../../../compiler/tools/kafka/live.ts';
import { eventually } from '../../../compiler/tools/live.ts';
import { live as prometheus } from '../../../compiler/tools/prometheus/live.ts';
import { checkout, moveToFreePorts, rewrite, start, stopAndRemove } from '../../live/checkout.ts';
import { deploysOnce, observesOnly, type Seen, type Subject, seen, seesAndRepairs } from '../../live/contract.ts';

const CONTROLLER = 19_094;
const SERVERS = ['kafka-storage', 'kafka', 'opensearch', 'prometheus', 'alertmanager'];
const workspace = checkout('staging', SERVERS);
const live = liveContext(workspace, () => {});
const generated = (path: string): string => join(workspace.root, 'generated', path);

test.before(async () => {
  await moveToFreePorts(workspace, [CONTROLLER]);
  // Only what runs here can be scraped.
  edit<{ scrape_configs: { job_name: string }[] }>(PROMETHEUS, (configuration) => ({
    ...configuration,
    scrape_configs: configuration.scrape_configs.filter(({ job_name }) => SERVERS.includes(job_name)),
  }));
  await start(workspace);
});

test.after(() => stopAndRemove(workspace));

const PROMETHEUS = 'staging/prometheus/prometheus.yml';

function edit<T>(path: string, change: (content: T) => T): void {
  writeFileSync(generated(path), stringify(change(parse(readFileSync(generated(path), 'utf8')) as T)));
}

// --- Kafka

/** Statements run with an admin client `a`; what they leave in `answers` comes back. */
function inKafka(statements: string): unknown {
  const script = `
from confluent_kafka import Producer, TopicCollection
from confluent_kafka.admin import *
where = {"bootstrap.servers": questions}
a = AdminClient(where)
answers = None

def done(futures):
    return [future.result(20) for future in futures.values()]

def alter(topic, key, value, operation=AlterConfigOpType.SET):
    entry = ConfigEntry(key, value, incremental_operation=operation)
    done(a.incremental_alter_configs([ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])]))

def make(topic, records=0):
    done(a.create_topics([NewTopic(topic, 2, 1)]))
    producer = Producer(where)
    for number in range(records):
        producer.produce(topic, str(number))
    producer.flush(20)

${statements}
`;
  const { kafka: where } = JSON.parse(readFileSync(generated('staging/runtime/environment.json'), 'utf8')) as {
    kafka: { bootstrap_servers: string };
  };
  return askPython(script, where.bootstrap_servers, platformEnvironment(workspace));
}

/** A topic's id changes when it is made again; its settings are read with where each comes from. */
const inTopics: Subject = {
  side: kafka,
  live,
  trace: async () =>
    inKafka(`
names = sorted(a.list_topics(timeout=20).topics)
answers = [
    [(t.name, str(t.topic_id), len(t.partitions)) for t in done(a.describe_topics(TopicCollection(names)))],
    [sorted((k, v.value, int(v.source)) for k, v in found.items()) for found in done(
        a.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]))],
]`),
};

const TOPIC = 'kafka/topic/carrier_delays';

test('Kafka: a first deploy makes every topic, a second changes nothing', async () => {
  const { changes, summary } = await deploysOnce(inTopics);
  assert.ok(changes.length > 1 && changes.every(({ kind }) => kind === 'create'));
  assert.match(summary, new RegExp(`^made .*carrier_delays.*; ${changes.length} topics as compiled$`));
});

test('Kafka: observing twice gives the same, and no topic or setting is another', async () =>
  void (await observesOnly(inTopics)));

test('Kafka: settings changed by hand and an empty topic are seen by their addresses, and repaired', async () => {
  const tamper = async () =>
    inKafka(`
alter("carrier_delays", "retention.ms", None, AlterConfigOpType.DELETE)
alter("carrier_delays", "max.message.bytes", "2000000")
make("foreign")`);
  const { summary } = await seesAndRepairs(inTopics, tamper, [
    ['update', TOPIC, ['config/max.message.bytes', 'config/retention.ms']],
    ['delete', 'kafka/topic/foreign'],
  ]);
  assert.match(summary, /^altered carrier_delays; removed foreign; /);
});

test('Kafka: a topic that nobody asked for stays while it has records, which the deploy says', async () => {
  inKafka('make("kept", records=3)');
  const foreign = [['delete', 'kafka/topic/kept']];
  assert.deepEqual(await seen(inTopics), foreign);
  const { changes, summary } = await bring(kafka, live);
  assert.deepEqual(changes, []);
  assert.match(summary, /left kafka\/topic\/kept: deleting it would lose its records \(3\)/);
  assert.deepEqual(await seen(inTopics), foreign);
  inKafka('done(a.delete_topics(["kept"]))');
});

test('Kafka: the setup step makes and alters topics, and leaves an empty one that nobody asked for', async () => {
  inKafka('make("theirs")\nalter("carrier_delays", "max.message.bytes", "2000000")');
  const { applied, kept } = await live.callRuntime(['topics']);
  assert.deepEqual([(applied as { altered: string[] }).altered, kept], [['carrier_delays'], ['kafka/topic/theirs']]);
  assert.deepEqual(await seen(inTopics), [['delete', 'kafka/topic/theirs']]);
  inKafka('done(a.delete_topics(["theirs"]))');
});

test('Kafka: what would lose records is refused before anything is changed', async () => {
  inKafka('alter("carrier_delays", "retention.ms", "-1")\nmake("waits")');
  await assert.rejects(bring(kafka, live), /keeps its records for ever, and the specs want 168 hours/);
  assert.deepEqual(await seen(inTopics), [
    ['update', TOPIC, ['config/retention.ms']],
    ['delete', 'kafka/topic/waits'],
  ]);
  inKafka('alter("carrier_delays", "retention.ms", "3600000")');
  await bring(kafka, live);
  assert.deepEqual(await seen(inTopics), []);
});

test('Kafka: more partitions than wanted are refused, fewer are added', async () => {
  const want = (partitions: number) =>
    rewrite<{ topics: { name: string }[] }>(generated('common/kafka/topics.json'), ({ topics }) => ({
      topics: topics.map((topic) => (topic.name === 'carrier_delays' ? { ...topic, partitions } : topic)),
    }));
  want(5);
  const { summary } = await seesAndRepairs(inTopics, async () => {}, [['update', TOPIC, ['partitions']]]);
  assert.match(summary, /^altered carrier_delays; repartitioned carrier_delays; /);
  want(2);
  await assert.rejects(bring(kafka, live), /has 5 partitions, and the specs want 2: Kafka takes none away/);
});

// --- The index of logs

const index = <T>(path: string, method: 'GET' | 'PUT' | 'DELETE' = 'GET', body?: unknown): Promise<T> =>
  ask<T>('OpenSearch', `${live.address('opensearch')}/${path}`, { method, ...(body === undefined ? {} : { body }) });

/**
 * The version of the cluster's state grows with each template, pipeline and stream that is written, also with the same.
 */
const inIndex: Subject = {
  side: elk,
  live,
  trace: async () => (await index<{ version: number }>('_cluster/state/version')).version,
};

test('Index of logs: a first deploy makes everything, a second changes nothing', async () => {
  const { changes, summary } = await deploysOnce(inIndex);
  assert.deepEqual(
    [...new Set(changes.map(({ address }) => address.split('/')[1]))],
    ['component_template', 'data_stream', 'index_template', 'ingest_pipeline'],
  );
  assert.match(summary, /logs-mlops\.service-staging on opensearch, its pipeline reads a line$/);
});

test("Index of logs: observing twice gives the same, and the cluster's state keeps its version", async () =>
  void (await observesOnly(inIndex)));

test('Index of logs: what was changed, deleted or added by hand is seen by its address, and repaired', async () => {
  const tamper = async () => {
    await index('_data_stream/logs-mlops.service-staging', 'DELETE');
    await index('_index_template/mlops-logs', 'DELETE');
    await index('_ingest/pipeline/mlops-logs', 'PUT', { processors: [] });
    await index('_component_template/mlops-foreign', 'PUT', { template: {} });
    await index('_component_template/others', 'PUT', { template: {} });
    const settings = { number_of_shards: 3, 'index.refresh_interval': '1s' };
    await index('_component_template/mlops-logs-fields', 'PUT', { template: { settings } });
  };
  await seesAndRepairs(inIndex, tamper, [
    ['delete', 'elk/component_template/mlops-foreign'],
    [
      'update',
      'elk/component_template/mlops-logs-fields',
      [
        '_meta',
        'template/mappings',
        'template/settings/index.default_pipeline',
        'template/settings/index.mapping.ignore_malformed',
        'template/settings/index.number_of_replicas',
        'template/settings/index.number_of_shards',
        'template/settings/index.refresh_interval',
      ],
    ],
    ['create', 'elk/data_stream/logs-mlops.service-staging'],
    ['create', 'elk/index_template/mlops-logs'],
    ['update', 'elk/ingest_pipeline/mlops-logs', ['description', 'on_failure', 'processors']],
  ]);
  await index('_component_template/others', 'DELETE');
});

// --- Prometheus and Alertmanager

const metric = async (process: string, name: string): Promise<number> => {
  const metrics = await ask<string>(process, `${live.address(process)}/metrics`);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
};

const inPrometheus: Subject = {
  side: prometheus,
  live,
  trace: () => metric('prometheus', 'prometheus_config_last_reload_success_timestamp_seconds'),
};

const reload = (process: string) => ask(process, `${live.address(process)}/-/reload`, { method: 'POST' });

/** Loads what `path` holds meanwhile, and puts the file back: only the running tool differs then. */
async function loadOther(process: string, path: string, other: string | null): Promise<void> {
  const whole = other === null || !live.writtenAt(path) ? null : readFileSync(generated(path), 'utf8');
  if (other !== null) writeFileSync(generated(path), other);
  await reload(process);
  if (whole !== null) writeFileSync(generated(path), whole);
  else rmSync(generated(path));
}

test('Prometheus: what it loaded when it started is what was compiled, and a deploy reads nothing again', async () => {
  const { changes, summary } = await deploysOnce(inPrometheus);
  assert.deepEqual(changes, []);
  assert.match(summary, /^nothing changed; \d{2,} rules loaded, every target scraped$/);
});

test('Prometheus: observing twice gives the same, and no file is read again', async () =>
  void (await observesOnly(inPrometheus)));

const RULE = `groups:
  - name: "by hand"
    rules:
      - alert: Foreign
        expr: vector(1) > 2
        labels: {severity: ticket}
`;

test('Prometheus: a foreign rule and one that differs are seen by their addresses, and repaired', async () => {
  const foreign = () => loadOther('prometheus', 'common/prometheus/rules/by_hand.yml', RULE);
  await seesAndRepairs(inPrometheus, foreign, [['delete', 'prometheus/rule/by hand/Foreign']]);
  const path = 'common/prometheus/rules/platform.yml';
  const whole = readFileSync(generated(path), 'utf8');
  const [, name] = /- alert: (TargetDown)\n/.exec(whole) ?? [];
  const changed = whole.replace(/(- alert: TargetDown\n\s+expr: )(.*)\n(\s+for: ).*\n/, '$1($2) > -1\n$37m\n');
  assert.ok(name && changed !== whole);
  const [seenRule] = await whatIsSeen(() => loadOther('prometheus', path, changed));
  assert.equal(seenRule?.[0], 'update');
  assert.match(String(seenRule?.[1]), /^prometheus\/rule\/.*\/TargetDown/);
  assert.deepEqual(seenRule?.[2], ['expression', 'for']);
  await bring(prometheus, live);
  assert.deepEqual(await seen(inPrometheus), []);
});

async function whatIsSeen(tamper: () => Promise<unknown>) {
  await tamper();
  return seen(inPrometheus);
}

test('Prometheus: another interval, label or target is seen, and repaired', async () => {
  const other = readFileSync(generated(PROMETHEUS), 'utf8')
    .replace(/scrape_interval: \S+/, 'scrape_interval: 20s')
    .replace('environment: staging', 'environment: other');
  const without = parse(other) as { scrape_configs: { job_name: string }[] };
  const rest = without.scrape_configs.filter(({ job_name }) => job_name !== 'alertmanager');
  const tamper = () => loadOther('prometheus', PROMETHEUS, stringify({ ...without, scrape_configs: rest }));
  await tamper();
  const address = live.address('alertmanager')?.replace('http://', '');
  const own = live.address('prometheus')?.replace('http://', '');
  const expected: Seen[] = [
    ['update', 'prometheus/global', ['external_labels/environment', 'scrape_interval']],
    ['create', 'prometheus/scrape/alertmanager'],
    ['create', `prometheus/target/alertmanager/${address}`],
    ['update', `prometheus/target/prometheus/${own}`, ['interval']],
  ];
  // Targets follow the configuration some seconds later.
  await eventually(30, async () => (isDeepStrictEqual(await seen(inPrometheus), expected) ? null : 'not yet'));
  assert.deepEqual(await seen(inPrometheus), expected);
  await bring(prometheus, live);
  assert.deepEqual(await seen(inPrometheus), []);
});

const inAlertmanager: Subject = {
  side: alertmanager,
  live,
  trace: () => metric('alertmanager', 'alertmanager_config_last_reload_success_timestamp_seconds'),
};

test('Alertmanager: what it loaded is what was compiled, observing reads nothing again', async () => {
  assert.deepEqual((await deploysOnce(inAlertmanager)).changes, []);
  await observesOnly(inAlertmanager);
});

test('Alertmanager: a receiver and a route by hand are seen by their addresses, and repaired', async () => {
  const path = 'staging/alertmanager/alertmanager.yml';
  const whole = parse(readFileSync(generated(path), 'utf8')) as { route: object; receivers: { name: string }[] };
  const other = {
    ...whole,
    route: { ...whole.route, group_wait: '1s' },
    receivers: [...whole.receivers, { name: 'by-hand', webhook_configs: [{ url: 'http://127.0.0.1:9/' }] }],
  };
  const { summary } = await seesAndRepairs(inAlertmanager, () => loadOther('alertmanager', path, stringify(other)), [
    ['update', 'alertmanager/file', ['hash']],
    ['delete', 'alertmanager/receiver/by-hand'],
    ['update', 'alertmanager/route', ['group_wait']],
  ]);
  assert.match(summary, /^read its file again; \d+ receivers as compiled$/);
});

test.run();
