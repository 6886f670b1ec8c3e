import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { emit, inventory } from '../../compile.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { partsOf } from '../../link/hosts.ts';
import type { ContainerContract } from '../../operate/containers/contract.ts';
import { environmentOf, filesOf, fixtureIr } from '../../test/fixture.ts';

interface Service {
  image: string;
  build?: { dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  networks: string[];
  volumes?: string[];
  secrets?: (string | { source: string; target: string })[];
  ports?: { target: number; published: string; host_ip?: string }[];
  depends_on?: Record<string, { condition: string }>;
  labels?: Record<string, string>;
  profiles?: string[];
  tmpfs?: string[];
}

interface Guards {
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  deploy: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

interface File {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file?: string; environment?: string }>;
}

const ir = fixtureIr();
const prod = environmentOf(ir, 'prod');
/** A file of one environment, of which there is no other. */
const textOf = (path: string, environment: Environment = prod, given: Ir = ir): string =>
  filesOf({ ...given, environments: [environment] }).get(`${environment.name}/${path}`) ?? '';
const fileOf = (environment: Environment = prod, given: Ir = ir): File =>
  parse(textOf('compose/compose.yaml', environment, given), { merge: true }) as File;
const { services, networks, volumes, secrets } = fileOf();
const all = Object.entries(services);
const sources = ({ secrets: granted = [] }: Service) =>
  granted.map((each) => (typeof each === 'string' ? each : each.source));

test('only an environment of containers gets a compose file', () => {
  const files = emit(ir).filter(({ path }) => path.endsWith('compose.yaml'));
  assert.equal(
    files.map(({ path }) => path),
    ['prod/compose/compose.yaml'],
  );
});

test('what a service names is declared, and what is declared is named', () => {
  const named = (pick: (service: Service) => string[]) =>
    [...new Set(all.flatMap(([, service]) => pick(service)))].sort();
  const isVolume = (mount: string) => !/^[./]/.test(mount);
  assert.equal(
    named((service) => service.networks),
    Object.keys(networks).sort(),
  );
  assert.equal(named(sources), Object.keys(secrets).sort());
  assert.equal(
    named(({ volumes: mounts = [] }) => mounts.filter(isVolume).map((mount) => mount.split(':')[0] ?? '')),
    Object.keys(volumes).sort(),
  );
});

test('a service waits for services that exist: healthy ones that have a health check, ended ones that end', () => {
  const isOnce = (name: string) => (services[name] as { restart?: string }).restart === 'no';
  for (const [name, { depends_on = {} }] of all)
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      assert.ok(services[needed], `${name} waits for ${needed}`);
      if (condition === 'service_healthy')
        assert.ok(services[needed]?.healthcheck, `${name} waits for ${needed} to be healthy`);
      else assert.ok(isOnce(needed), `${name} waits for ${needed} to end`);
    }
});

test('every service that goes on running has a health check', () => {
  for (const [name, service] of all)
    assert.is(service.healthcheck === undefined, (service as { restart?: string }).restart === 'no', name);
});

test('nothing waits for itself in a circle, and what is always there waits for nothing in a profile', () => {
  const started = new Set<string>();
  for (let waiting = all; waiting.length > 0; ) {
    const ready = waiting.filter(([, { depends_on = {} }]) =>
      Object.keys(depends_on).every((name) => started.has(name)),
    );
    assert.ok(ready.length > 0, `${waiting.map(([name]) => name)} wait for each other`);
    for (const [name] of ready) started.add(name);
    waiting = waiting.filter(([name]) => !started.has(name));
  }
  const profile = (name: string) => (services[name] as { profiles?: string[] }).profiles?.[0];
  for (const [name, { depends_on = {} }] of all)
    for (const needed of Object.keys(depends_on)) if (profile(needed)) assert.is(profile(name), profile(needed), name);
});

test('two services that talk share a network', () => {
  const addressed = all.flatMap(([name, { command = [], environment = {}, healthcheck }]) => {
    // All of ours are told where MLflow is; not all call it.
    const text = JSON.stringify([command, { ...environment, MLFLOW_TRACKING_URI: '' }, healthcheck?.test ?? []]);
    return all
      .filter(([other]) => other !== name && new RegExp(`[/@]${other}:\\d`).test(text))
      .map(([other]) => [name, other] as const);
  });
  const waiting = all.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on)
      .filter(([, { condition }]) => condition === 'service_healthy')
      .map(([other]) => [name, other] as const),
  );
  assert.ok(addressed.length > 5);
  for (const [one, other] of [...addressed, ...waiting])
    assert.ok(
      services[one]?.networks.some((network) => services[other]?.networks.includes(network)),
      `${one} and ${other}`,
    );
});

test('the stores have no way out, and only Kafka can be reached from the host', () => {
  assert.is(networks['data']?.internal, true);
  for (const name of ['postgres', 'redis'])
    assert.equal([services[name]?.networks, services[name]?.ports], [['data'], undefined]);
});

test('every image has a tag, and none is latest', () => {
  for (const [name, { image }] of all) assert.match(image, /^[a-z0-9][a-z0-9./-]*:[a-zA-Z0-9][\w.-]*$/, name);
  for (const [name, { image }] of all) assert.not.match(image, /:latest$/, name);
});

/** Where a browser or a producer on the host is meant. */
const ABOUT_THE_HOST = ['MLFLOW_SERVER_ALLOWED_HOSTS', 'KAFKA_ADVERTISED_LISTENERS'];

test('no container calls another one by localhost', () => {
  for (const [name, { command = [], environment = {} }] of all) {
    const variables = Object.entries(environment).filter(([variable]) => !ABOUT_THE_HOST.includes(variable));
    assert.not.match(JSON.stringify([command, variables]), /localhost|127\.0\.0\.1|\[::1\]/, name);
  }
  const listeners = services['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS'];
  assert.is(listeners, 'PLAINTEXT://kafka:9092,HOST://127.0.0.1:9092');
});

test('every container is bounded, gains no right, and has none of the kernel; few can write into their image', () => {
  const guarded = all as [string, Service & Guards][];
  for (const [name, { cap_drop, security_opt, deploy }] of guarded) {
    assert.equal(cap_drop, ['ALL'], name);
    assert.equal(security_opt, ['no-new-privileges:true'], name);
    const { cpus, memory, pids } = deploy.resources.limits;
    assert.ok(Number(cpus) > 0 && /^\d+m$/.test(memory) && pids > 0, name);
  }
  const ofTeams = prod.containers.map(({ name }) => name);
  assert.equal(guarded.flatMap(([name, { read_only }]) => (read_only || ofTeams.includes(name) ? [] : [name])).sort(), [
    'elasticsearch',
    'jenkins',
    'kafka',
    'kibana',
  ]);
});

test('Redis refuses a write before its container is at its limit, also while a fork needs all pages twice', () => {
  const { entrypoint, deploy } = services['redis'] as Service & Guards & { entrypoint: string[] };
  const maxmemory = Number(/--maxmemory (\d+)/.exec(entrypoint.join(' '))?.[1]);
  const limit = Number.parseInt(deploy.resources.limits.memory, 10) * 1024 * 1024;
  assert.ok(maxmemory > 0 && 2 * maxmemory < 0.95 * limit, `${maxmemory} of ${limit}`);
  assert.is(JSON.parse(textOf('redis/settings.json')).maxmemory, String(maxmemory));
  const onAMachine = environmentOf(ir, 'staging');
  assert.is(JSON.parse(textOf('redis/settings.json', onAMachine)).maxmemory, undefined);
});

const PART_OF: Record<string, string> = Object.fromEntries(
  [...partsOf({ inventory }, prod).keys()].map((part) => [part.replaceAll('_', '-'), part]),
);

test("ports on the host are unique, are the environment's, and are on loopback, but the proxy's", () => {
  const ports = Object.fromEntries(
    Object.keys(prod.ports).map((part, index) => [part, 40_000 + index]),
  ) as typeof prod.ports;
  const published = Object.entries(fileOf({ ...prod, ports, containers: [] }).services).flatMap(
    ([name, { ports: own = [] }]) => own.map((port) => ({ name, ...port })),
  );
  assert.is(new Set(published.map((port) => port.published)).size, published.length);
  for (const { name, published: port, host_ip } of published) {
    assert.is(port, String(ports[PART_OF[name] ?? '']), name);
    assert.is(host_ip, name === 'proxy' ? undefined : '127.0.0.1', name);
  }
  // What only containers call has no port on the host.
  const hidden = ['elasticsearch', 'kafka-controller', 'monitor', 'node-exporter', 'postgres', 'redis'];
  assert.equal(
    published.map(({ name }) => name).sort(),
    Object.keys(PART_OF)
      .filter((part) => !hidden.includes(part))
      .sort(),
  );
});

test('every mounted file is generated, or is a folder of the checkout', () => {
  // No `.git`: the release says which commit it was made from, and a token may stand in there.
  const folders = ['generated', 'runtime/mlops_runtime', 'pipelines', 'models'].map((folder) => `../../../${folder}`);
  const paths = emit(ir).map(({ path }) => path);
  for (const [name, { volumes: mounts = [] }] of all)
    for (const mount of mounts.filter((each) => each.startsWith('.'))) {
      const [source = '', , mode] = mount.split(':');
      assert.is(mode, 'ro', `${name}: ${mount}`);
      const generated = join('prod/compose', source);
      assert.ok(
        folders.includes(source) || paths.some((path) => path === generated || path.startsWith(`${generated}/`)),
        `${name}: ${source}`,
      );
    }
});

test('what a deploy goes by names the same services, and the files of a team that each reads when it starts', () => {
  const contract = JSON.parse(textOf('compose/containers.json')) as ContainerContract;
  assert.equal(Object.keys(contract.services), Object.keys(services));
  for (const [name, { image, profile }] of Object.entries(contract.services)) {
    const service = services[name];
    assert.equal(service?.profiles ?? [], profile === null ? [] : [profile], name);
    if (image !== null) assert.is(service?.image, `${contract.images[image]?.name}:prod`, name);
  }
  const readBy = (name: string) => contract.services[name]?.reads;
  assert.equal(readBy('serving-departure-delay-1'), ['models/departure_delay']);
  assert.equal(readBy('monitor'), ['generated/common/monitoring']);
  assert.equal(readBy('prometheus'), ['generated/common/prometheus/rules']);
  assert.equal(readBy('airflow-scheduler'), [], 'it follows releases by itself');
  assert.is(contract.addresses['airflow-api-server'], 'http://127.0.0.1:8080');
  assert.is(contract.services[contract.first]?.once, true);
});

test('a secret is a file: no value stands in the file, and only who needs one gets it', () => {
  for (const [name, source] of Object.entries(secrets)) assert.equal(source, { file: `../../../secrets/${name}` });
  const holders = (secret: string) =>
    all.filter(([, service]) => sources(service).includes(secret)).map(([name]) => name);
  assert.equal(holders('mlops_postgres_admin'), ['postgres', 'databases']);
  assert.equal(holders('smtp'), ['alertmanager']);
  for (const [name, service] of all)
    for (const [, secret] of JSON.stringify([service.environment, service.healthcheck]).matchAll(
      /(?:secret:|url:|\/run\/secrets\/)([a-z0-9_-]+)/g,
    ))
      assert.ok(sources(service).includes(secret ?? ''), `${name} reads ${secret}`);
});

test("a connection's secret is where the runtime looks for it, in the container that runs tasks", () => {
  const mounted = ['airline', 'faa-token'].map((source) => ({ source, target: `/opt/mlops/secrets/${source}` }));
  assert.equal(services['airflow-scheduler']?.secrets?.slice(-2), mounted);
  const { services: others, secrets: variables } = fileOf({ ...prod, secrets: { provider: 'env' } });
  assert.equal(variables['airline'], { environment: 'MLOPS_SECRET_AIRLINE' });
  assert.is(others['airflow-scheduler']?.environment?.['MLOPS_SECRET_AIRLINE'], '$${secret:airline}');
});

test('each replica of an API is a container of its own, and its counters are its own', () => {
  const replicas = all.filter(([name]) => name.startsWith('serving-'));
  assert.equal(
    replicas.map(([name]) => name),
    ['serving-departure-delay-1', 'serving-departure-delay-2', 'serving-departure-delay-trial'],
  );
  for (const [name, { tmpfs = [] }] of replicas)
    assert.ok(
      tmpfs.some((mount) => mount.startsWith('/opt/mlops/.mlops/prod/metrics:')),
      name,
    );
});

test('a container is recreated where the specs of what it serves differ, and a running scheduler never is', () => {
  const label = (given: Ir, name: string) => JSON.stringify(fileOf(prod, given).services[name]?.labels);
  const other = fixtureIr({ 'models/departure_delay/model.yaml': [['max_iter: 200', 'max_iter: 300']] });
  assert.is.not(label(other, 'serving-departure-delay-1'), label(ir, 'serving-departure-delay-1'));
  assert.is(label(other, 'stream-carrier-delays'), label(ir, 'stream-carrier-delays'));
  assert.is(label(ir, 'airflow-scheduler'), undefined);
});

/** Labels that another IR has otherwise, by container. */
function relabelled(given: Ir): Record<string, string[]> {
  const { services: others } = fileOf(prod, given);
  const changed = Object.entries(others).map(([name, { labels = {} }]) => {
    const before = services[name]?.labels ?? {};
    return [
      name,
      [...new Set([...Object.keys(labels), ...Object.keys(before)])].filter((key) => labels[key] !== before[key]),
    ] as const;
  });
  return Object.fromEntries(changed.filter(([, labels]) => labels.length > 0));
}

test('a view is a label of its own of each container that reads it: two that change are two lines', () => {
  const labelsOf = (view: string, before: string, after: string) =>
    relabelled(fixtureIr({ [`features/${view}.yaml`]: [[before, after]] }));
  for (const [view, ttl] of [
    ['carrier_delays', 'ttl: 1d'],
    ['plane_delays', 'ttl: 7d'],
  ] as const) {
    const changed = labelsOf(view, ttl, 'ttl: 31d');
    assert.equal(changed['serving-departure-delay-1'], [`mlops.reads.feature_view/${view}`]);
    for (const labels of Object.values(changed))
      assert.ok(
        labels.every((label) => label.includes(view)),
        String(labels),
      );
  }
});

test('what reads contracts and rules of all specs again by itself is made again for none of them', () => {
  const { monitor, prometheus } = services;
  assert.equal(Object.keys(monitor?.labels ?? {}), ['mlops.reads.prod/runtime/environment.json']);
  assert.equal(Object.keys(prometheus?.labels ?? {}), ['mlops.reads.prod/prometheus/prometheus.yml']);
  assert.ok(prometheus?.command?.includes('--enable-feature=auto-reload-config'));
});

test('a lock of its own is installed before anything reads a model', () => {
  const waits = ({ services: given }: File) => given['serving-departure-delay-1']?.depends_on?.['environments'];
  assert.ok(services['environments']);
  assert.equal(waits(fileOf()), { condition: 'service_completed_successfully' });
  const unlocked = fileOf(
    prod,
    fixtureIr({ 'models/cancellation/requirements.lock': null, 'pipelines/report/requirements.lock': null }),
  );
  assert.equal([unlocked.services['environments'], waits(unlocked)], [undefined, undefined]);
});

test('without streams there is no Kafka, and without models no proxy', () => {
  const { services: found } = fileOf({ ...prod, consumers: [], services: [] });
  assert.equal(
    Object.keys(found).filter((name) => /kafka$|topics|stream|serving|proxy/.test(name)),
    [],
  );
});

const HOSTILE = ['a"\'\\\n$', '{HOME} $HOME `id` #: {} ]'].join('');

test('hostile text stays text: Compose fills nothing in, and YAML reads what was meant', () => {
  const alerting = { webhook: null, slack: { secret: HOSTILE }, smtp: null };
  const text = textOf('compose/compose.yaml', {
    ...prod,
    alerting,
    origin: { file: 'platform.yaml', path: '', line: 1 },
  });
  const read = parse(text, { merge: true }) as File;
  assert.equal(sources(read.services['alertmanager'] as Service), [HOSTILE.replaceAll('$', '$$$$')]);
  // Compose fills in values, not keys: every dollar of a value is doubled.
  const values = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(values)
        : [];
  for (const value of values(read)) assert.not.match(value.replaceAll('$$', ''), /\$/);
});

test('nginx is given no text that it would read as a variable', () => {
  assert.throws(() => filesOf({ ...ir, environments: [{ ...prod, host: 'a$host' }] }), /holds a '\$'/);
  const found = textOf('proxy/nginx.conf', { ...prod, host: 'a"; } location /x { #' });
  assert.ok(found.includes('server_name "a\\"; } location /x { #" _;'));
});

test.run();
