/** The generated containers, as Compose itself, its schema, hadolint and nginx read them. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createPort } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proxyConfiguration } from '../../compiler/hosts/compose/proxy.ts';
import { nginx } from '../../compiler/render/nginx.ts';
import { anyText } from '../../compiler/test/arbitrary-text.ts';
import { environmentOf, fixtureIr } from '../../compiler/test/fixture.ts';
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

/** Debian's. Its place is not on everybody's PATH. */
const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

/** A machine without nginx says so at each run; CI has it (`npm run servers:install`). */
function withNginx(title: string, work: () => Promise<void>): void {
  if (NGINX !== undefined || process.env['CI'] === 'true') test(title, work);
  else test(title, () => console.log(`NOT RUN, for there is no nginx on this machine: ${title}`));
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createPort().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

async function serving(configuration: string, work: () => Promise<void>): Promise<void> {
  assert.ok(NGINX, 'there is no nginx: npm run servers:install');
  const path = join(scratch, 'nginx.conf');
  writeFileSync(path, configuration);
  const words = ['-p', scratch, '-c', path, '-e', join(scratch, 'error.log')];
  const checked = spawnSync(NGINX, ['-t', ...words], { encoding: 'utf8' });
  assert.is(checked.status, 0, checked.stderr);
  const child = spawn(NGINX, [...words, '-g', 'daemon off;'], { stdio: 'ignore' });
  try {
    await sleep(300);
    await work();
  } finally {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  }
}

interface Replica {
  port: number;
  server: Server;
  asked: string[];
  status: number;
}

async function replica(status: number): Promise<Replica> {
  const asked: string[] = [];
  const one: Replica = {
    port: 0,
    asked,
    status,
    server: createServer((request, answer) => {
      asked.push(`${request.method} ${request.url}`);
      answer.writeHead(one.status).end('{}');
    }),
  };
  await new Promise<void>((done) => one.server.listen(0, '127.0.0.1', done));
  one.port = (one.server.address() as { port: number }).port;
  return one;
}

/** On this machine: other ports, no name server, and Debian's nginx, which does not know `resolve` yet. */
function onThisMachine(port: number, replicas: number[]): string {
  const text = readFileSync(join(folder, 'nginx.conf'), 'utf8');
  const server = /^ *server serving-departure-delay-1:8000 resolve (.*);\n/m;
  assert.match(text, server);
  return adapted(
    text.replace(server, (_, options) => replicas.map((each) => `server 127.0.0.1:${each} ${options};\n`).join('')),
    port,
  );
}

const adapted = (text: string, port: number): string =>
  text
    .replaceAll('/tmp/', `${scratch}/`)
    .replaceAll('/dev/stdout', join(scratch, 'access.log'))
    .replaceAll('/dev/stderr', join(scratch, 'error.log'))
    .replace(/^ *resolver .*\n/m, '')
    .replace('listen 8000;', `listen 127.0.0.1:${port};`);

withNginx(
  "nginx takes the configuration, sends a model's calls to its replicas, and nothing else to anybody",
  async () => {
    const [dead, unready, ready] = [await freePort(), await replica(503), await replica(200)];
    const port = await freePort();
    const check = async () => {
      const call = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
      // One is gone and one has no model yet: the caller notices neither of them, once the dead one is known.
      for (let index = 0; index < 9; index += 1) await call('/v1/models/departure_delay:predict', 'POST');
      assert.is((await call('/v1/models/departure_delay:predict', 'POST')).status, 200);
      assert.is((await call('/v1/models/departure_delay')).status, 200);
      assert.ok(
        ready.asked.every((each) => /^(GET|POST) \/v1\/models\/departure_delay(:predict)?$/.test(each)),
        String(ready.asked),
      );
      const before = ready.asked.length + unready.asked.length;
      for (const path of ['/metrics', '/docs', '/v1/models/departure_delay/../../metrics', '/v1/models/other', '/'])
        assert.is((await call(path)).status, 404, path);
      assert.is(ready.asked.length + unready.asked.length, before);
      assert.is(await (await call('/healthz')).text(), 'alive\n');
      const lines = readFileSync(join(scratch, 'access.log'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.is(lines.at(-1)?.['http.response.status_code'], 404);
      assert.is(lines[0]?.['url.path'], '/v1/models/departure_delay:predict');
    };
    try {
      await serving(onThisMachine(port, [dead, unready.port, ready.port]), check);
    } finally {
      for (const { server } of [unready, ready]) server.closeAllConnections();
      for (const { server } of [unready, ready]) server.close();
    }
  },
);

withNginx('a version on trial gets its share of the requests, and what it refuses the champion answers', async () => {
  const [champion, other, trial] = [await replica(200), await replica(200), await replica(200)];
  const port = await freePort();
  const hosts = {
    'serving-departure-delay-1': champion,
    'serving-departure-delay-2': other,
    'serving-departure-delay-trial': trial,
  };
  const text = Object.entries(hosts).reduce(
    (all, [host, { port: own }]) => all.replace(`server ${host}:8000 resolve`, `server 127.0.0.1:${own}`),
    proxyConfiguration(environmentOf(fixtureIr(), 'prod')),
  );
  const call = async () =>
    (await fetch(`http://127.0.0.1:${port}/v1/models/departure_delay:predict`, { method: 'POST' })).status;
  try {
    // One worker, so that the shares are exact.
    await serving(adapted(text, port).replace(/^worker_processes .*;/m, 'worker_processes 1;'), async () => {
      for (let index = 0; index < 200; index += 1) assert.is(await call(), 200);
      assert.is(trial.asked.length, 20);
      trial.status = 503;
      for (let index = 0; index < 100; index += 1) assert.is(await call(), 200);
    });
  } finally {
    for (const { server } of [champion, other, trial]) {
      server.closeAllConnections();
      server.close();
    }
  }
});

withNginx('a word that we encode is the text that nginx answers with', async () => {
  const visible = (text: string) =>
    !text.includes('$') && !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text.replace(/[\n\t\r]/g, ''));
  const texts = fc.sample(anyText({ lone: false }).filter(visible), {
    numRuns: 60,
    seed: Number(process.env['SEED'] ?? 1),
  });
  const port = await freePort();
  const configuration = nginx([
    ['pid', join(scratch, 'nginx.pid')],
    ['events', []],
    [
      'http',
      [
        ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind): [string, string] => [
          `${kind}_temp_path`,
          join(scratch, kind),
        ]),
        ['access_log', 'off'],
        [
          'server',
          [
            ['listen', `127.0.0.1:${port}`],
            ...texts.map((text, index): [string, string, string, [string, string, string][]] => [
              'location',
              '=',
              `/${index}`,
              [['return', '200', text]],
            ]),
          ],
        ],
      ],
    ],
  ]);
  await serving(configuration, async () => {
    for (const [index, text] of texts.entries())
      assert.is(await (await fetch(`http://127.0.0.1:${port}/${index}`)).text(), text);
  });
});

test('the sample stays small: its YAML is below 150 lines', () => {
  const files = [
    'platform.yaml',
    ...['features', 'features/entities', 'pipelines/flights', 'models/departure_delay'].flatMap((path) => specs(path)),
  ];
  const lines = files
    .flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  assert.ok(lines.length < 150, `${lines.length} lines`);
  console.log(`${lines.length} lines of YAML`);
});

function specs(path: string): string[] {
  const { stdout } = spawnSync('ls', [join(root, path)], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${path}/${name}`);
}

test.run();
