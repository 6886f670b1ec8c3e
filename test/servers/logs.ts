/**
 * Logs of the API, shipped, parsed and searchable: every request by its id, also those of the minutes in which the
 * index was away.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { heldBackFlights } from '../../scripts/demo/held-back.ts';
import { type Chapter, eventually, getJson, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';
const STREAM = 'logs-mlops.service-staging';

interface Hits {
  hits: { total: { value: number }; hits: { _source: Record<string, unknown> }[] };
}

export const chapter: Chapter = {
  title: 'Logs of the services, in the index',
  async run(stage) {
    await stage.check('a prediction and a refused request are found by their ids, with typed fields', () =>
      found(stage),
    );
    await stage.check("every field of Kibana's objects is searchable, and every saved search answers", () =>
      kibana(stage),
    );
    await stage.check('a line that is no JSON, and one that is broken, are kept with the reason', () => broken(stage));
    await stage.check(
      'the index and its shipper are killed while requests flow, and every answered request is found afterwards',
      () => killed(stage),
    );
  },
};

const index = <T>(stage: Stage, path: string, body?: unknown): Promise<T> =>
  getJson<T>(`${stage.address('opensearch')}/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });

const search = (stage: Stage, query: unknown, size = 10): Promise<Hits> =>
  index<Hits>(stage, `${STREAM}/_search`, { query, size, track_total_hits: true });

async function found(stage: Stage): Promise<void> {
  const [flight] = await heldBackFlights(openWorkspace(stage.root, stage.environment), MODEL, 1);
  const send = (id: string, instance: unknown) =>
    fetch(`${stage.address(`serving-${MODEL}`)}/v1/models/${MODEL}:predict`, {
      method: 'POST',
      body: JSON.stringify({ instances: [instance] }),
      headers: { 'content-type': 'application/json', 'x-request-id': id },
    });
  const [good, bad] = [`good-${Date.now()}`, `bad-${Date.now()}`];
  const statuses = [(await send(good, flight?.instance)).status, (await send(bad, { distance: 'far' })).status];
  if (statuses.join() !== '200,422') throw new Error(`the API answered ${statuses}`);
  await eventually(60, async () => {
    const query = {
      bool: { filter: [{ terms: { 'http.request.id': [good, bad] } }, { range: { 'event.duration': { gt: 0 } } }] },
    };
    const { hits } = await search(stage, query);
    const seen = hits.hits.map(({ _source }) => _source['http.response.status_code']).sort();
    if (seen.join() !== '200,422') throw new Error(`found: ${JSON.stringify(hits.hits)}`);
    stage.note(JSON.stringify(hits.hits[0]?._source));
  });
  stage.prove(9, `logs: requests found by their ids in ${STREAM}`);
}

async function kibana(stage: Stage): Promise<void> {
  const lines = readFileSync(join(stage.root, 'generated/common/elk/kibana.ndjson'), 'utf8').trimEnd().split('\n');
  const objects = lines.map((line) => JSON.parse(line) as { type: string; attributes: Record<string, unknown> });
  const text = JSON.stringify(objects);
  const { fields } = await index<{ fields: Record<string, unknown> }>(stage, `${STREAM}/_field_caps?fields=*`);
  const used = new Set<string>();
  let queries = 0;
  for (const { attributes } of objects) {
    for (const column of (attributes['columns'] as string[] | undefined) ?? []) used.add(column);
    for (const [, field] of String(attributes['visState'] ?? '').matchAll(/"field":"([^"]+)"/g))
      if (field) used.add(field);
    const meta = attributes['kibanaSavedObjectMeta'] as { searchSourceJSON: string } | undefined;
    const { query = '' } = (meta ? JSON.parse(meta.searchSourceJSON).query : {}) as { query?: string };
    for (const [, field] of query.matchAll(/([a-z_@.]+)\s*(?::|>=)/g)) if (field) used.add(field);
    if (!query) continue;
    // KQL's comparisons and `or` in the words of a query string, which the index itself understands.
    const words = query.replaceAll(/ >= (\d+)/g, ':>=$1').replaceAll(' or ', ' OR ');
    await search(stage, { query_string: { query: words } });
    queries += 1;
  }
  const unknown = [...used].filter((field) => !(field in fields));
  if (unknown.length > 0) throw new Error(`not in the index: ${unknown.join(', ')}`);
  if (used.size < 8 || queries < 5)
    throw new Error(`only ${used.size} fields and ${queries} queries in ${text.length} characters`);
  const { hits } = await search(stage, { query_string: { query: 'http.request.id:*' } });
  if (hits.total.value === 0) throw new Error('the search for requests finds none');
  stage.note(`${used.size} fields, ${queries} queries, ${hits.total.value} requests found`);
}

async function broken(stage: Stage): Promise<void> {
  const mark = `mark${Date.now()}`;
  appendFileSync(
    join(stage.state, 'logs', 'monitor.log'),
    `Traceback ${mark} of a crash\n{"message": "${mark} cut sho\n`,
  );
  await eventually(60, async () => {
    const { hits } = await search(stage, { match: { message: mark } });
    const tags = hits.hits.map(({ _source }) => String(_source['tags'])).sort();
    if (tags.join() !== 'not_json,unreadable') throw new Error(JSON.stringify(hits.hits));
  });
}

async function killed(stage: Stage): Promise<void> {
  const traffic = await Traffic.start(stage, MODEL, 4, 40);
  try {
    await sleep(3000);
    await stage.kill('opensearch');
    await sleep(4000);
    await stage.kill('rsyslog');
    await sleep(12_000);
  } finally {
    await traffic.stop();
  }
  const ids = traffic.answered.map(({ id }) => id);
  await eventually(150, async () => {
    let seen = 0;
    for (let at = 0; at < ids.length; at += 500) {
      const body = {
        query: { terms: { 'http.request.id': ids.slice(at, at + 500) } },
        size: 0,
        aggs: { ids: { cardinality: { field: 'http.request.id', precision_threshold: 40_000 } } },
      };
      const { aggregations } = await index<{ aggregations: { ids: { value: number } } }>(
        stage,
        `${STREAM}/_search`,
        body,
      );
      seen += aggregations.ids.value;
    }
    if (seen < ids.length) throw new Error(`${ids.length} requests were answered, ${seen} are in the index`);
  });
  const { count } = await index<{ count: number }>(stage, `${STREAM}/_count`, {
    query: { terms: { 'http.request.id': ids.slice(0, 1000) } },
  });
  stage.note(
    `${ids.length} answered, all in the index; of the first ${Math.min(1000, ids.length)} there are ${count} lines`,
  );
}
