import { parser } from '@prometheus-io/lezer-promql';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monitor, serving, stream } from '../../ir/metrics.ts';
import type { Ir } from '../../ir/types.ts';
import { filesOf, fixtureIr } from '../../test/fixture.ts';
import { uidOf } from './dashboard.ts';
import { expressionsOf } from './expressions.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  fieldConfig?: { defaults: { unit?: string } };
  gridPos: { x: number; w: number };
}

interface Dashboard {
  uid: string;
  title: string;
  editable: boolean;
  schemaVersion: number;
  panels: Panel[];
  links: { url: string }[];
}

const ir = fixtureIr();
const textsOf = (given: Ir): string[] =>
  [...filesOf({ ...given, environments: [] })].flatMap(([path, text]) =>
    path.startsWith('common/grafana/dashboards/') ? [text] : [],
  );
const texts = textsOf(ir);
const dashboards = texts.map((text) => JSON.parse(text) as Dashboard);
const panels = dashboards.flatMap((each) => each.panels).filter(({ type }) => type !== 'row');
const expressions = texts.flatMap(expressionsOf);

test("every expression parses by Prometheus' own grammar", () => {
  assert.ok(expressions.length > 40);
  for (const expression of expressions) {
    const wrong: string[] = [];
    parser.parse(expression).iterate({
      enter: (node) => {
        if (node.type.isError) wrong.push(expression);
      },
    });
    assert.equal(wrong, []);
  }
});

test('every metric is one that a part of the platform exposes', () => {
  const families = [...Object.values(serving), ...Object.values(stream), ...Object.values(monitor)].map(
    ({ name }) => name,
  );
  for (const [metric] of expressions.join('\n').matchAll(/\bmlops_\w+/g))
    assert.ok(
      families.includes(metric.replace(/_(bucket|count|sum)$/, '')) || metric.startsWith('mlops_serving_'),
      metric,
    );
});

test('uids and titles are unique, links lead to dashboards that are there, and nobody edits them by hand', () => {
  assert.is(new Set(dashboards.map(({ uid }) => uid)).size, dashboards.length);
  assert.is(new Set(dashboards.map(({ title }) => title)).size, dashboards.length);
  const urls = dashboards.map(({ uid }) => `/d/${uid}`);
  for (const { url } of dashboards.flatMap(({ links }) => links)) assert.ok(urls.includes(url), url);
  for (const { editable, schemaVersion } of dashboards) assert.equal([editable, schemaVersion], [false, 42]);
});

test('every panel has a title, a description, a unit, a datasource by uid, its own id and a place on the page', () => {
  for (const { title, description, fieldConfig, datasource, gridPos } of panels) {
    assert.ok(title && description && fieldConfig?.defaults.unit, title);
    assert.is(datasource?.uid, 'prometheus', title);
    assert.ok(gridPos.x + gridPos.w <= 24, title);
  }
  for (const each of dashboards)
    assert.is(new Set(each.panels.map(({ id }) => id)).size, each.panels.length, each.title);
});

test('a long name has a uid of at most forty characters, and two of them have two', () => {
  const [one, other] = [`${'a'.repeat(60)}b`, `${'a'.repeat(60)}c`].map((name) => uidOf('view', name));
  assert.ok(one && one.length <= 40);
  assert.is.not(one, other);
});

test('text of a spec stays text', () => {
  const hostile = `"}],"panels":[] \${__user.login} [[x]] \\ \n`;
  const described = fixtureIr({
    'models/departure_delay/model.yaml': [['description: Departure', `description: ${JSON.stringify(hostile)} #`]],
  });
  const found = textsOf(described).map((text) => JSON.parse(text) as { description: string });
  assert.ok(found.some(({ description }) => description === hostile));
});

test.run();
