/** The generated compose file and our Dockerfiles, as the tools themselves read them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { root } from './generated.ts';

const tool = (name: string): string => join(root, '.venv-test', 'bin', name);
const file = join(root, 'generated/prod/compose/compose.yaml');

function run(program: string, words: string[], cwd = root): string {
  try {
    return execFileSync(program, words, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, MLOPS_RELEASE: 'abc123' } });
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${message}\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

test('the compose specification accepts the file', () => {
  assert.match(run(tool('check-jsonschema'), ['--builtin-schema', 'vendor.compose-spec', file]), /ok/);
});

test('compose resolves every variable, secret, network and volume, and no dollar sign of ours is lost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-compose-'));
  try {
    // Beside the checkout's own files stand secrets, which no checkout has.
    for (const name of ['generated', 'runtime', 'pipelines', 'models']) symlinkSync(join(root, name), join(folder, name));
    mkdirSync(join(folder, 'secrets'));
    const { secrets } = parse(readFileSync(file, 'utf8')) as { secrets: Record<string, unknown> };
    for (const name of Object.keys(secrets)) writeFileSync(join(folder, 'secrets', name), 'x');
    const resolved = parse(
      run(tool('docker-compose'), ['--profile', 'tools', '-f', 'generated/prod/compose/compose.yaml', 'config'], folder),
    ) as {
      services: Record<string, { image: string; environment?: Record<string, string> }>;
    };
    assert.ok(Object.keys(resolved.services).length >= 20);
    for (const [name, { image }] of Object.entries(resolved.services)) assert.match(image, /:[^:]+$/, name);
    assert.match(
      String(resolved.services['mlflow']?.environment?.['MLFLOW_BACKEND_STORE_URI']),
      /\$\{secret:postgres\}@postgres:5432\/mlflow$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('hadolint has nothing against our Dockerfiles', () => {
  const folder = join(root, 'runtime', 'images');
  for (const name of readdirSync(folder)) run(tool('hadolint'), [join(folder, name, 'Dockerfile')]);
});

test('the entrypoint fills secrets in, and says which one is missing', () => {
  const entrypoint = join(root, 'runtime/images/platform/entrypoint');
  const python = tool('python');
  const print = ['sh', '-c', 'printf %s "$GREETING"'];
  assert.is(execFileSync(python, [entrypoint, ...print], { encoding: 'utf8', env: { ...process.env, GREETING: 'plain' } }), 'plain');
  try {
    execFileSync(python, [entrypoint, ...print], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, GREETING: '$' + '{secret:nobody_has_this}' },
    });
    assert.unreachable();
  } catch (error) {
    assert.match(String((error as { stderr?: string }).stderr), /The secret 'nobody_has_this' cannot be read/);
  }
});

test.run();
