/** The generated containers, as Compose itself, its schema and hadolint read them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readContainers, started } from '../../compiler/operate/containers/contract.ts';
import { overrideOf } from '../../compiler/operate/containers/override.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { checkOut, ROOT } from './compiled.ts';

const checkout = mkdtempSync(join(tmpdir(), 'mlops-compose-'));
const file = join(checkout, 'generated/prod/compose/compose.yaml');
test.before(() => checkOut(checkout));
test.after(() => rmSync(checkout, { recursive: true, force: true }));

const FILES = { 'models/departure_delay/a.py': 'one', 'runtime/mlops_runtime/__init__.py': 'two' };

/** A tool of requirements-dev.lock; what it printed. */
function tool(name: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(join(dirname(testPython()), name), words, {
    encoding: 'utf8',
    cwd: ROOT,
  });
  assert.is(status, 0, `${name}: ${error?.message ?? ''}${stdout}${stderr}`);
  return stdout;
}

interface Resolved {
  services: Record<
    string,
    {
      environment?: Record<string, string>;
      command?: string[];
      healthcheck?: { test: string[] };
      volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
      image?: string;
      labels?: Record<string, string>;
      depends_on?: Record<string, { condition: string }>;
    }
  >;
  secrets: Record<string, { file: string }>;
}

const resolved = (): Resolved =>
  JSON.parse(tool('docker-compose', '-f', file, '--profile', 'tools', 'config', '--format', 'json')) as Resolved;

test('Compose accepts the file, and the schema of its specification does', () => {
  tool('docker-compose', '-f', file, '--profile', 'tools', 'config', '--quiet');
  tool('check-jsonschema', '--builtin-schema', 'vendor.compose-spec', file);
});

test('Compose fills nothing in, whatever its environment holds, and merges the fragments as we mean them', () => {
  const { services } = resolved();
  assert.is(services['airflow']?.environment?.['AIRFLOW__CORE__FERNET_KEY'], '$${secret:mlops_airflow_fernet}=');
  assert.match(services['redis']?.healthcheck?.test.at(-1) ?? '', /\$\$\(cat /);
  assert.is(services['databases']?.environment?.['MLOPS_ENV'], 'prod');
  const { environment } = services['serving-departure-delay-1'] ?? {};
  assert.equal([environment?.['MLOPS_ENV'], environment?.['MLFLOW_TRACKING_URI']], ['prod', 'http://mlflow:5000']);
});

test('every folder and file that a container is given is in the checkout, or the host has it by platform.yaml', () => {
  const { services, secrets } = resolved();
  const missing = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes.filter(({ type }) => type === 'bind').map(({ source }) => source))
    .filter((source) => !existsSync(source));
  assert.equal(missing, ['/etc/mlops/tls']);
  for (const [name, { file: source }] of Object.entries(secrets)) assert.is(source, resolve(checkout, 'secrets', name));
});

test('with what a deploy adds, ours are on a release, wait for the state, and have an image of its own name', () => {
  const contract = readContainers({ root: checkout, environment: 'prod' });
  const secrets = { smtp: '/srv/a$b/secrets/smtp' };
  const known = { releases: '/srv/a$b/releases', images: { platform: 'flights-platform:abc' }, files: FILES, secrets };
  const override = join(checkout, 'override.yaml');
  writeFileSync(override, overrideOf(contract, known));
  const words = ['-f', file, '-f', override, '--profile', 'tools', 'config', '--format', 'json'];
  const { services, secrets: mounted } = JSON.parse(tool('docker-compose', ...words)) as Resolved;
  assert.is(mounted['smtp']?.file, '/srv/a$$b/secrets/smtp');
  for (const [name, { ours, image, once }] of started(contract)) {
    const { environment, volumes = [], depends_on, labels, ...service } = services[name] ?? {};
    assert.is(labels?.['mlops.reads.release'] !== undefined, !once, name);
    if (image !== null) assert.is(service.image, 'flights-platform:abc', name);
    if (!ours || name === contract.first) continue;
    assert.is(environment?.['MLOPS_ROOT'], '/opt/mlops/.mlops/prod/releases/current', name);
    assert.is(environment?.['PYTHONPATH'], '/opt/mlops/.mlops/prod/releases/current/runtime', name);
    const releases = volumes.find(({ target }) => target === '/opt/mlops/.mlops/prod/releases');
    assert.equal([releases?.source, releases?.read_only], ['/srv/a$$b/releases', true], name);
    assert.is(depends_on?.['state']?.condition, 'service_completed_successfully', name);
  }
  assert.is(services['jupyter']?.image, 'flights-jupyter:prod');
});

test('hadolint finds nothing in our Dockerfiles', () => {
  tool(
    'hadolint',
    'runtime/images/platform/Dockerfile',
    'runtime/images/jenkins/Dockerfile',
    'runtime/images/jenkins/agent.Dockerfile',
  );
});

test('the secrets are made once, only for the owner to get to, and those of people are named', () => {
  const run = () =>
    spawnSync(process.execPath, [join(ROOT, 'bin/mlops.js'), '-C', checkout, 'secrets', 'make', '--env', 'prod'], {
      encoding: 'utf8',
      cwd: ROOT,
    });
  const first = run();
  assert.is(first.status, 1);
  const missing = [...first.stdout.matchAll(/write the secret '([\w-]+)' into .*\/secrets\/\1$/gm)].map(
    ([, name]) => name,
  );
  assert.equal(missing, ['airline', 'faa-token', 'feedback', 'slack_webhook', 'smtp']);
  const made = readFileSync(join(checkout, 'secrets/mlops_airflow_fernet'), 'utf8');
  assert.match(made, /^[\w-]{43}$/);
  assert.is(statSync(join(checkout, 'secrets')).mode & 0o777, 0o700);
  for (const name of missing) writeFileSync(join(checkout, 'secrets', name ?? ''), 'x');
  assert.is(run().status, 0);
  assert.is(readFileSync(join(checkout, 'secrets/mlops_airflow_fernet'), 'utf8'), made);
});

test.run();
