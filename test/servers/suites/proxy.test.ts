/** The proxy's configuration, served by nginx itself. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nginx } from '../../../compiler/render/nginx.ts';
import { anyText } from '../../../compiler/test/arbitrary-text.ts';
import { filesOf, fixtureIr } from '../../../compiler/test/fixture.ts';
import { runs } from '../../../compiler/test/runs.ts';
import { freePort } from '../../free-port.ts';
import { programPath } from './program.ts';

const generated = join(import.meta.dirname, '../../../generated');
const scratch = mkdtempSync(join(tmpdir(), 'mlops-proxy-'));
test.after(() => rmSync(scratch, { recursive: true, force: true }));

async function serving(configuration: string, port: number, work: () => Promise<void>): Promise<void> {
  const program = programPath('nginx');
  const path = join(scratch, 'nginx.conf');
  writeFileSync(path, configuration);
  const words = ['-p', scratch, '-c', path, '-e', join(scratch, 'error.log')];
  const checked = spawnSync(program, ['-t', ...words], { encoding: 'utf8' });
  assert.is(checked.status, 0, checked.stderr);
  const child = spawn(program, [...words, '-g', 'daemon off;'], { stdio: 'ignore' });
  const gone = new Promise((done) => child.once('exit', done));
  try {
    while (!(await accepts(port))) assert.is(child.exitCode, null, 'nginx has ended');
    await work();
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true));
    socket.once('error', () => setTimeout(done, 20, false)).once('connect', () => socket.end());
  });

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
  const text = readFileSync(join(generated, 'prod/proxy/nginx.conf'), 'utf8');
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

test("nginx takes the configuration, sends a model's calls to its replicas, and nothing else to anybody", async () => {
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
    await serving(onThisMachine(port, [dead, unready.port, ready.port]), port, check);
  } finally {
    for (const { server } of [unready, ready]) server.closeAllConnections();
    for (const { server } of [unready, ready]) server.close();
  }
});

test('a version on trial gets its share of the requests, and what it refuses the champion answers', async () => {
  const [champion, other, trial] = [await replica(200), await replica(200), await replica(200)];
  const port = await freePort();
  const hosts = {
    'serving-departure-delay-1': champion,
    'serving-departure-delay-2': other,
    'serving-departure-delay-trial': trial,
  };
  const text = Object.entries(hosts).reduce(
    (all, [host, { port: own }]) => all.replace(`server ${host}:8000 resolve`, `server 127.0.0.1:${own}`),
    filesOf(fixtureIr()).get('prod/proxy/nginx.conf') ?? '',
  );
  const call = async () =>
    (await fetch(`http://127.0.0.1:${port}/v1/models/departure_delay:predict`, { method: 'POST' })).status;
  try {
    // One worker, so that the shares are exact.
    await serving(adapted(text, port).replace(/^worker_processes .*;/m, 'worker_processes 1;'), port, async () => {
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

test('a word that we encode is the text that nginx answers with', async () => {
  const visible = (text: string) =>
    !text.includes('$') && !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text.replace(/[\n\t\r]/g, ''));
  const texts = fc.sample(anyText({ lone: false }).filter(visible), runs(60));
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
  await serving(configuration, port, async () => {
    for (const [index, text] of texts.entries())
      assert.is(await (await fetch(`http://127.0.0.1:${port}/${index}`)).text(), text);
  });
});

test.run();
