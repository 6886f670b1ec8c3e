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
  token: string;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

const logIn = { user: 'deploy', password: 'its own' };

/** An Airflow that answers requests in order, a number being the status of a failure; and what it was asked. */
async function withAnswers(
  answers: (number | object)[],
  use: (airflow: Airflow, asked: Asked[]) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  let tokens = 0;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (request.url === '/auth/token') {
      response.statusCode = body['username'] === 'deploy' && body['password'] === 'its own' ? 201 : 401;
      tokens += 1;
      return response.end(`{"access_token": "t${tokens}"}`);
    }
    const token = request.headers.authorization ?? '';
    asked.push({ method: request.method ?? '', path: request.url ?? '', body, token });
    const answer = answers.shift() ?? 500;
    response.statusCode = typeof answer === 'number' ? answer : 200;
    return response.end(typeof answer === 'number' ? '{"detail": "database is locked"}' : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(new Airflow(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, logIn), asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const run = { dag_id: 'flights', dag_run_id: 'r', state: 'queued' };

test('a token that the server takes no longer is replaced at once, also where something is to be changed', () =>
  withAnswers([{ dag_runs: [] }, 401, { task_instances: [] }], async (airflow, asked) => {
    await airflow.latestRuns('flights');
    assert.equal(await airflow.clear('flights', 'r', ['clean']), []);
    assert.equal(
      asked.map(({ method, token }) => `${method} ${token}`),
      ['GET Bearer t1', 'POST Bearer t1', 'POST Bearer t2'],
    );
  }));

test('an account that is refused with a new token is told so, and asks no further', () =>
  withAnswers([401, 401, 401], async (airflow, asked) => {
    await rejects(airflow.clear('flights', 'r', ['clean']), /answered 401/);
    assert.is(asked.length, 1);
  }));

test('a password that the server does not take is said to be that', () =>
  withAnswers([], async (airflow, asked) => {
    const other = new Airflow(airflow.url, { ...logIn, password: 'another' }, 5, async (problem) => {
      throw problem;
    });
    await rejects(other.run('flights', 'r'), /does not take the password of its account 'deploy'/);
    assert.is(asked.length, 0);
  }));

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
