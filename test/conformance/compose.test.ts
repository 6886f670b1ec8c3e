/** The generated containers, as Compose itself, its schema and hadolint read them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testPython } from '../../compiler/test/python-batch.ts';
import { generated, root } from './generated.ts';

const folder = join(generated, 'prod/compose');
const file = join(folder, 'compose.yaml');
const scratch = mkdtempSync(join(tmpdir(), 'mlops-compose-'));
test.after(() => rmSync(scratch, { recursive: true, force: true }));

/** A tool of requirements-dev.lock; what it printed. */
function tool(name: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(join(dirname(testPython()), name), words, {
    encoding: 'utf8',
    cwd: root,
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
      volumes?: { type: string; source: string }[];
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

test('every folder and file that a container is given is in the checkout', () => {
  const { services, secrets } = resolved();
  const missing = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes.filter(({ type }) => type === 'bind').map(({ source }) => source))
    .filter((source) => !existsSync(source));
  assert.equal(missing, []);
  for (const [name, { file: source }] of Object.entries(secrets)) assert.is(source, resolve(root, 'secrets', name));
});

test('hadolint finds nothing in our Dockerfiles', () => {
  tool('hadolint', 'runtime/images/platform/Dockerfile', 'runtime/images/jenkins/Dockerfile');
});

test('the secrets are made once, only for the owner to get to, and those of people are named', () => {
  const clone = join(scratch, 'clone');
  mkdirSync(join(clone, 'generated/prod/compose'), { recursive: true });
  writeFileSync(join(clone, 'generated/prod/compose/compose.yaml'), readFileSync(file));
  const run = () =>
    spawnSync(process.execPath, ['--import', 'tsx', join(root, 'scripts/make-secrets.ts'), 'prod', clone], {
      encoding: 'utf8',
      cwd: root,
    });
  const first = run();
  assert.is(first.status, 1);
  assert.match(first.stdout, /write the secret 'slack_webhook' into .*\/secrets\/slack_webhook/);
  const made = readFileSync(join(clone, 'secrets/mlops_airflow_fernet'), 'utf8');
  assert.match(made, /^[\w-]{43}$/);
  assert.is(statSync(join(clone, 'secrets')).mode & 0o777, 0o700);
  writeFileSync(join(clone, 'secrets/slack_webhook'), 'x');
  assert.is(run().status, 0);
  assert.is(readFileSync(join(clone, 'secrets/mlops_airflow_fernet'), 'utf8'), made);
});

test.run();
