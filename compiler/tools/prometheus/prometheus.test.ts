import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../test/fixture.ts';

const ir = fixtureIr();

test('every alert has a runbook', () => {
  const headings = readFileSync(join(import.meta.dirname, '../../../docs/runbooks.md'), 'utf8').toLowerCase();
  const rules = [...filesOf(ir)].filter(([path]) => path.startsWith('common/prometheus/rules/'));
  const anchors = rules.flatMap(([, content]) =>
    [...content.matchAll(/runbook: docs\/runbooks\.md#(\w+)/g)].map((match) => match[1]),
  );
  assert.ok(anchors.length > 10);
  for (const anchor of anchors) assert.ok(headings.includes(`## ${anchor}\n`), anchor);
});

test('where there is nothing else only the platform is watched', () => {
  const bare = { ...ir, models: [], featureViews: [], pipelines: [], alerts: [], environments: [] };
  assert.equal(
    [...filesOf(bare).keys()].filter((path) => path.startsWith('common/prometheus/')),
    ['common/prometheus/rules/platform.yml', 'common/prometheus/tests/platform.yml'],
  );
});

test.run();
