import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, fixtureIr } from '../../test/fixture.ts';
import { FIELDS } from './index.ts';
import { PANELS, SEARCHES } from './kibana.ts';
import { elk } from './tool.ts';

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
  const ir = fixtureIr();
  const [filebeat] = elk
    .emitEnvironment(ir, environmentOf(ir, 'prod'))
    .filter(({ path }) => path.endsWith('filebeat.yml'));
  const ids = [...(filebeat?.content ?? '').matchAll(/id: (\S+)/g)].map((match) => match[1]);
  assert.equal(ids, ['mlops-serving-departure-delay', 'mlops-stream-carrier-delays', 'mlops-monitor']);
});

test.run();
