import { rejects } from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Airflow } from './airflow.ts';

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** An Airflow that answers requests in order, a number being the status of a failure; and what it was asked. */
async function withAnswers(
  answers: (number | object)[],
  use: (airflow: Airflow, asked: Asked[]) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === '/auth/token') return response.end('{"access_token": "t"}');
    asked.push({ method: request.method ?? '', path: request.url ?? '', body: await bodyOf(request) });
    const answer = answers.shift() ?? 500;
    response.statusCode = typeof answer === 'number' ? answer : 200;
    return response.end(typeof answer === 'number' ? '{"detail": "database is locked"}' : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(new Airflow(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const run = { dag_id: 'flights', dag_run_id: 'r', state: 'queued' };

test('a run that was made although the answer failed is found again, and not made twice', () =>
  withAnswers([500, 409, run], async (airflow, asked) => {
    assert.equal(await airflow.trigger('flights'), run);
    const ids = asked.slice(0, 2).map(({ body }) => body['dag_run_id'] as string);
    assert.is(ids[0], ids[1]);
    assert.equal(
      asked.map(({ method }) => method),
      ['POST', 'POST', 'GET'],
    );
    assert.is(asked[2]?.path, `/api/v2/dags/flights/dagRuns/${encodeURIComponent(ids[0] ?? '')}`);
  }));

test('a run that was not made is asked for again, a few times', async () => {
  await withAnswers([500, 500, run], async (airflow, asked) => {
    assert.equal(await airflow.trigger('flights'), run);
    assert.is(asked.length, 3);
  });
  await withAnswers([500, 500, 500, 500], async (airflow, asked) => {
    await rejects(() => airflow.trigger('flights'), /database is locked/);
    assert.is(asked.length, 4);
  });
});

test('what Airflow refuses is not asked for again', () =>
  withAnswers([404], async (airflow, asked) => {
    await rejects(() => airflow.trigger('flights'), /404/);
    assert.is(asked.length, 1);
  }));

test.run();
