import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureIr } from '../../test/fixture.ts';
import { prometheus } from './tool.ts';

const ir = fixtureIr();

test('every alert has a runbook', () => {
  const headings = readFileSync(join(import.meta.dirname, '../../../docs/runbooks.md'), 'utf8').toLowerCase();
  const rules = prometheus.emitCommon(ir).filter(({ path }) => path.includes('/rules/'));
  const anchors = rules.flatMap(({ content }) =>
    [...content.matchAll(/runbook: docs\/runbooks\.md#(\w+)/g)].map((match) => match[1]),
  );
  assert.ok(anchors.length > 10);
  for (const anchor of anchors) assert.ok(headings.includes(`## ${anchor}\n`), anchor);
});

test('where there is nothing else only the platform is watched', () => {
  const bare = { ...ir, models: [], featureViews: [], pipelines: [], alerts: [] };
  assert.equal(
    prometheus.emitCommon(bare).map(({ path }) => path),
    ['common/prometheus/rules/platform.yml', 'common/prometheus/tests/platform.yml'],
  );
});

test.run();
