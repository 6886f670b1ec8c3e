import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../test/fixture.ts';
import { FIELDS } from './index.ts';
import { PANELS, SEARCHES } from './kibana.ts';

test("every field that Kibana's objects use is one that the index types", () => {
  const queried = [...SEARCHES, ...PANELS].flatMap(({ query }) =>
    [...query.matchAll(/([a-z_@.]+)\s*(?::|>=)/g)].map((match) => match[1]),
  );
  const used = [...SEARCHES.flatMap(({ columns }) => columns), ...PANELS.map(({ split }) => split), ...queried];
  assert.equal(
    used.filter((field) => !(String(field) in FIELDS)),
    [],
  );
});

test('every input of Filebeat has an id of its own, which follows from the names alone', () => {
  const filebeat = filesOf(fixtureIr()).get('prod/elk/filebeat.yml') ?? '';
  const ids = [...filebeat.matchAll(/id: (\S+)/g)].map((match) => match[1]);
  assert.equal(ids, ['mlops-serving-departure-delay', 'mlops-stream-carrier-delays', 'mlops-monitor']);
});

test.run();
