/** The proxy's configuration, served by nginx itself. */
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nginx } from '../../../compiler/render/nginx.ts';
import { anyText } from '../../../compiler/test/arbitrary-text.ts';
import { runs } from '../../../compiler/test/runs.ts';
import { freePort } from '../../free-port.ts';
import { adapted, close, filesWithProxy, logged, onThisMachine, replica, scratch, serving } from './nginx.ts';

test("nginx takes the configuration, sends a model's calls to its replicas, and nothing else to anybody", async () => {
  const [dead, unready, ready] = [await freePort(), await replica(503), await replica(200)];
  const port = await freePort();
  const check = async () => {
    const headers = { 'user-agent': 'a "caller"\\' };
    const call = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
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
    // Ten predictions, one description and what was not found: who asks for health is not logged.
    const lines = await logged(({ length }) => length >= 16);
    assert.is(lines.at(-1)?.['http.response.status_code'], 404);
    assert.is(lines[0]?.['url.path'], '/v1/models/departure_delay:predict');
    const first = lines.find((line) => line['http.response.status_code'] === 200) ?? {};
    assert.ok(Number.isInteger(first['event.duration']) && Number.isInteger(first['http.request.bytes']));
    assert.is(first['source.ip'], '127.0.0.1');
    assert.is(first['user_agent.original'], 'a "caller"\\');
    assert.ok((first['labels'] as Record<string, string>)['upstream']?.includes(`:${ready.port}`));
  };
  try {
    await serving(onThisMachine(port, [dead, unready.port, ready.port]), port, check);
  } finally {
    close(unready, ready);
  }
});

test('who begins a request and does not go on loses the connection', async () => {
  const port = await freePort();
  const patient = onThisMachine(port, [await freePort()]);
  assert.match(patient, /^ *client_header_timeout 10s;$/m);
  await serving(patient.replace('client_header_timeout 10s', 'client_header_timeout 1s'), port, async () => {
    const socket = connect(port, '127.0.0.1');
    const ended = new Promise<string>((done) => {
      socket.once('error', () => done('reset')).once('close', () => done('closed'));
    });
    socket.write('POST /v1/models/departure_delay:predict HTTP/1.1\r\nHost: a\r\n');
    socket.resume();
    assert.match(await ended, /reset|closed/);
  });
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
    filesWithProxy('{requests_per_second: 2000, burst: 2000}').get('prod/proxy/nginx.conf') ?? '',
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
    close(champion, other, trial);
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
