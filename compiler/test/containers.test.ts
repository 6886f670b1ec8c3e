/** What the checks believe of the platform's own containers and pages is what is emitted. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { analyse, emit, inventory } from '../compile.ts';
import { containersOf } from '../link/containers.ts';
import type { Graph } from '../link/graph.ts';
import { occurrencesIn } from '../link/occurrences.ts';
import { readSources } from '../source/read.ts';
import type { NameKind } from '../spec-schema/name-kinds.ts';
import { fixtureIr, PLATFORMS } from './fixture.ts';

for (const name of ['flights', 'fraud'])
  test(`each container of the platform ${name} is known to the checks by its name, and no other`, () => {
    const { ir, graph } = analyse(readSources(join(PLATFORMS, name)));
    assert.ok(ir && graph);
    const files = emit(ir).filter(({ path }) => path.endsWith('compose/compose.yaml'));
    assert.ok(files.length > 0);
    for (const { path, content } of files) {
      const environment = path.split('/')[0] ?? '';
      const own = ir.environments.find((each) => each.name === environment)?.containers.map((each) => each.name) ?? [];
      const emitted = Object.keys(parse(content, { merge: true }).services).filter((each) => !own.includes(each));
      assert.equal(emitted.sort(), [...containersOf(graph as Graph, environment)].sort());
    }
  });

for (const name of ['flights', 'fraud'])
  test(`each volume and secret of the platform ${name} itself is known to be its own, and no other`, () => {
    const { ir, graph } = analyse(readSources(join(PLATFORMS, name)));
    assert.ok(ir && graph);
    const stated = (kind: NameKind) =>
      graph.declared.flatMap(occurrencesIn).flatMap((each) => (each.kind === kind ? [each.bare] : []));
    for (const { path, content } of emit(ir).filter(({ path }) => path.endsWith('compose/compose.yaml'))) {
      const { volumes, secrets } = parse(content, { merge: true });
      for (const volume of Object.keys(volumes))
        assert.is(inventory.volumes.includes(volume), !stated('volume').includes(volume), `${path}: ${volume}`);
      const { ownSecrets } = inventory.hosts.get('compose') ?? {};
      for (const secret of Object.keys(secrets))
        assert.is(secret.startsWith(ownSecrets ?? '?'), !stated('secret').includes(secret), `${path}: ${secret}`);
    }
  });

test("each page of the platform's own has a title that the checks know as such", () => {
  const own = emit({ ...fixtureIr(), dashboards: [] }).filter(({ path }) =>
    path.startsWith('common/grafana/dashboards/'),
  );
  assert.ok(own.length > 5);
  for (const { content } of own) {
    const { title } = JSON.parse(content) as { title: string };
    assert.ok(
      inventory.titles.some((each) => each.test(title)),
      title,
    );
  }
});

test.run();
