/**
 * A tool is one folder and one line of the registry: `made-up/tool.ts` is such a folder, `[...tools, ledger]` the line.
 * Everything else here is the real compiler, which knows nothing of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { platformSchema } from '../../scripts/platform-schema.ts';
import { explained } from '../commands/explain.ts';
import { createCompiler } from '../compile.ts';
import { hosts } from '../hosts/registry.ts';
import { requirePrograms } from '../operate/machine/server-programs.ts';
import type { ProcessPlan } from '../operate/supervisor/process-plan.ts';
import { liveSidesOf } from '../release/registry.ts';
import { tools } from '../tools/registry.ts';
import { type Edits, filesOf, fixtureIr, fixtureSources } from './fixture.ts';
import { ledger } from './made-up/tool.ts';

const compiler = createCompiler([...tools, ledger], hosts);
const compile = (edits: Edits = {}) => {
  const analysis = compiler.analyse(fixtureSources(edits));
  const artifacts = analysis.ir ? compiler.emit(analysis.ir) : [];
  return { ...analysis, files: new Map(artifacts.map(({ path, content }) => [path, content])) };
};
const { files, findings } = compile();
const planOf = () => JSON.parse(files.get('staging/process/processes.json') ?? '') as ProcessPlan;

test('it compiles without a finding, and changes only files that name all tools', () => {
  assert.equal(findings, []);
  const before = filesOf(fixtureIr());
  const others = [...files.keys()].filter((path) => before.get(path) !== files.get(path));
  assert.equal(others.sort(), [
    'common/grafana/dashboards/ledger.json',
    'common/ledger/models.json',
    'common/prometheus/rules/ledger.yml',
    'common/prometheus/tests/ledger.yml',
    'prod/compose/compose.yaml',
    'prod/compose/containers.json',
    'prod/elk/filebeat.yml',
    'prod/ledger/books.json',
    'prod/postgres/databases.json',
    'prod/prometheus/prometheus.yml',
    'staging/elk/rsyslog.conf',
    'staging/ledger/books.json',
    'staging/postgres/databases.json',
    'staging/process/processes.json',
    'staging/prometheus/prometheus.yml',
  ]);
});

test('it is a process, on its port, with its database, and all are told where it is', () => {
  const { setup, processes, environment_variables: shared } = planOf();
  const found = processes.find(({ name }) => name === 'ledger');
  assert.equal(found, {
    name: 'ledger',
    command: [['$', '{tool:ledgerd}'].join(''), '--listen=127.0.0.1:19700'],
    env: { LEDGER_STORE: ['postgresql+psycopg2://ledger:$', '{secret:postgres}@127.0.0.1:15432/ledger'].join('') },
    lock: null,
    port: 19700,
    port_field: 'environments.staging.ports.ledger in platform.yaml',
    address: 'http://127.0.0.1:19700',
    health: 'http://127.0.0.1:19700/balance',
    needs: ['databases'],
    reads: ['generated/staging/ledger/books.json'],
  });
  assert.ok(setup.find(({ name }) => name === 'databases')?.command.includes('ledger'));
  assert.is(shared['LEDGER_URL'], 'http://127.0.0.1:19700');
});

test('it is a container', () => {
  const { services } = parse(files.get('prod/compose/compose.yaml') ?? '', { merge: true });
  const { image, ports, volumes, secrets, healthcheck, labels } = services.ledger;
  assert.is(image, 'example.com/ledger:1.2.3');
  assert.equal(ports, [{ target: 9700, published: '9700', host_ip: '127.0.0.1', protocol: 'tcp' }]);
  assert.equal(volumes, ['logs:/var/log/mlops', '../ledger/books.json:/etc/books.json:ro', 'books:/var/lib/ledger']);
  assert.equal(secrets, ['mlops_postgres', 'mlops_ledger_key']);
  assert.is(healthcheck.test.at(-1), 'http://localhost:9700/balance');
  assert.match(labels['mlops.reads.prod/ledger/books.json'], /^sha256:/);
  assert.is(services.monitor.environment.LEDGER_URL, 'http://ledger:9700');
});

test('it is scraped, its log is shipped, and its alert and its panel are there', () => {
  const jobs = (environment: string) =>
    parse(files.get(`${environment}/prometheus/prometheus.yml`) ?? '').scrape_configs.filter(
      ({ job_name }: { job_name: string }) => job_name === 'ledger',
    );
  assert.equal(jobs('staging'), [{ job_name: 'ledger', static_configs: [{ targets: ['127.0.0.1:19700'] }] }]);
  assert.equal(jobs('prod'), [{ job_name: 'ledger', static_configs: [{ targets: ['ledger:9700'] }] }]);
  assert.match(files.get('prod/elk/filebeat.yml') ?? '', 'id: mlops-ledger\n');
  assert.match(files.get('staging/elk/rsyslog.conf') ?? '', '/ledger.log`');
  assert.match(files.get('common/prometheus/rules/ledger.yml') ?? '', 'alert: LedgerFull');
  const { panels } = JSON.parse(files.get('common/grafana/dashboards/ledger.json') ?? '');
  assert.equal(
    panels.map(({ title }: { title: string }) => title),
    ['Books', 'Entries'],
  );
});

const codesWith = (edits: Edits) => compile(edits).findings.map(({ code, message }) => `${code} ${message}`);

test('its check runs, its code is explained, and its metric is known', () => {
  assert.equal(codesWith({ 'platform.yaml': [['name: flights', 'name: ledger']] }), ['LDG001 This is a book already.']);
  assert.match(explained('LDG001', compiler.catalog) ?? '', 'Why it matters: Nobody knows which is meant.');
  const watched = (metric: string): Edits => ({
    'monitoring/checkout.yaml': [
      ['mlops_stream_lag_records{view=~"carrier_.+"} > 5e3', `${metric} > 5`],
      ['$labels.view', '$labels.book'],
    ],
  });
  assert.equal(codesWith(watched('ledger_entries{book="main"}')), []);
  assert.match(codesWith(watched('ledger_entries{bok="main"}'))[0] ?? '', "OBS013 ledger_entries has no label 'bok'.");
});

test('its port, its container and the title of its page are its own', () => {
  const port = codesWith({
    'models/departure_delay/model.yaml': [['staging: {port: 20418', 'staging: {port: 19700']],
  });
  assert.equal(port, ['PLT001 model departure_delay has port 19700 in environment staging, and so has the ledger.']);
  const container = codesWith({ 'platform.yaml': [['      feedback:\n', '      ledger:\n']] });
  assert.match(container[0] ?? '', /^SPC013 .*'ledger'/);
  const title = codesWith({ 'monitoring/checkout.yaml': [['title: Checkout', 'title: Ledger']] });
  assert.match(title[0] ?? '', /^OBS007 .*'Ledger'/);
});

test("its secret and its volume are no team's to name", () => {
  const secret = codesWith({ 'platform.yaml': [['secrets: [feedback]', 'secrets: [mlops_ledger_key]']] });
  assert.equal(secret, ["SPC013 The secret 'mlops_ledger_key' is the platform's own by its name."]);
  const volume = codesWith({
    'platform.yaml': [
      ['volumes: [answers]', 'volumes: [answers, books]'],
      [
        'volumes: {answers: /var/lib/feedback}\n        networks: [edge, m',
        'volumes: {books: /b}\n        networks: [edge, m',
      ],
    ],
  });
  assert.equal(volume, ["SPC013 The platform keeps its own data in a volume 'books'."]);
});

test('its live side is one of those that a deploy goes through', () => {
  assert.is(liveSidesOf([...tools, ledger]).at(-1), ledger.live);
});

test('where its program is missing, it is named with the others', () => {
  const { ledgerd } = planOf().programs;
  const node = { title: 'Node', from: 'nodejs.org', find: { names: ['node'] } };
  assert.ok(ledgerd);
  assert.throws(
    () => requirePrograms([node, ledgerd]),
    ({ message }: Error) => /^ {2}the ledger, from its makers' site$/m.test(message) && !/Node/.test(message),
  );
});

test('the schema that is generated with it knows its port', () => {
  const schema = readFileSync(join(import.meta.dirname, '../spec-schema/platform.schema.json'), 'utf8');
  const { environments } = JSON.parse(platformSchema(schema, compiler.inventory)).properties;
  assert.is(environments.additionalProperties.properties.ports.properties.ledger.default, 9700);
});

test.run();
