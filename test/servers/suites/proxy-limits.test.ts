/** What the proxy takes of one caller, held by nginx itself. */
import { get } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../../free-port.ts';
import { close, configurationWithProxy, loggedAs, replica, serving } from './nginx.ts';

const PREDICT = '/v1/models/departure_delay:predict';

/** A request by a caller of this address of loopback. */
const calling = (port: number, path: string, from: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; retryAfter: string | undefined; type: string | undefined; body: string }>(
    (done, failed) => {
      const request = get({ port, path, headers, host: '127.0.0.1', localAddress: from, agent: false }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (part) => {
          body += part;
        });
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'],
            type: answer.headers['content-type'],
            body,
          }),
        );
      });
      request.once('error', failed);
    },
  );

test('who calls more often than the spec allows gets 429 in the form of the APIs, and nobody else does', async () => {
  const api = await replica(200);
  const port = await freePort();
  const configuration = configurationWithProxy('{requests_per_second: 1, burst: 5}', port, api.port);
  try {
    await serving(configuration, port, async () => {
      const forged = (index: number) => ({
        'X-Forwarded-For': `10.0.0.${index}`,
        'X-Real-IP': `10.0.0.${index}`,
        Forwarded: `for=10.0.0.${index}`,
      });
      const answers = [];
      for (let index = 0; index < 40; index += 1)
        answers.push(await calling(port, PREDICT, '127.0.0.1', forged(index)));
      const refused = answers.filter(({ status }) => status === 429);
      // One at a time, five at once beyond it, and what comes back in the seconds that the forty take.
      assert.ok(refused.length >= 20 && answers.slice(0, 6).every(({ status }) => status === 200), `${refused.length}`);
      assert.is(api.asked.length, answers.length - refused.length);
      assert.is(api.headers['x-forwarded-for'], '127.0.0.1');
      for (const { retryAfter, type, body } of refused) {
        assert.is(retryAfter, '1');
        assert.is(type, 'application/json');
        const { error, request_id } = JSON.parse(body) as { error: { message: string }; request_id: string };
        assert.match(error.message, /more requests than one caller may make/);
        assert.is((await loggedAs(request_id))['source.ip'], '127.0.0.1');
      }
      assert.is((await calling(port, PREDICT, '127.0.0.2')).status, 200, 'another caller');
      for (let index = 0; index < 40; index += 1)
        assert.is((await calling(port, '/healthz', '127.0.0.1')).status, 200, 'who asks for health is never refused');
    });
  } finally {
    close(api);
  }
});

test('a caller has so many requests under way as the spec allows, and another caller has its own', async () => {
  const api = await replica(200);
  let release = () => {};
  api.held = new Promise((done) => {
    release = done;
  });
  const port = await freePort();
  try {
    await serving(configurationWithProxy('{connections: 3}', port, api.port), port, async () => {
      const waiting = Array.from({ length: 3 }, () => calling(port, PREDICT, '127.0.0.1'));
      while (api.asked.length < 3) await calling(port, '/healthz', '127.0.0.1');
      assert.is((await calling(port, PREDICT, '127.0.0.1')).status, 429);
      const other = calling(port, PREDICT, '127.0.0.2');
      while (api.asked.length < 4) await calling(port, '/healthz', '127.0.0.1');
      release();
      for (const each of [...waiting, other]) assert.is((await each).status, 200);
      assert.is((await calling(port, PREDICT, '127.0.0.1')).status, 200);
    });
  } finally {
    close(api);
  }
});

test('what nginx answers itself is JSON, too', async () => {
  const port = await freePort();
  await serving(configurationWithProxy('{}', port, await freePort()), port, async () => {
    const large = await fetch(`http://127.0.0.1:${port}${PREDICT}`, { method: 'POST', body: 'x'.repeat(6_000_000) });
    assert.is(large.status, 413);
    const unreachable = await fetch(`http://127.0.0.1:${port}${PREDICT}`, { method: 'POST', body: '{}' });
    assert.is(unreachable.status, 502);
    for (const answer of [large, unreachable]) {
      const { error, request_id } = (await answer.json()) as { error: { details: unknown }; request_id: string };
      assert.equal(error.details, []);
      assert.match(request_id, /^[0-9a-f]{32}$/);
    }
  });
});

test.run();
