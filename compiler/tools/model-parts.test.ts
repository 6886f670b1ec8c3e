import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emit } from '../compile.ts';
import type { Json } from '../render/json.ts';
import { fixtureIr } from '../test/fixture.ts';
import { modelParts } from './model-parts.ts';

const ir = fixtureIr();
const models = ir.models.flatMap((model) =>
  ['common/serving', 'common/runtime/models'].flatMap((folder) => {
    const found = emit(ir).find(({ path }) => path === `${folder}/${model.name}.json`);
    return found ? [{ model, path: found.path, contract: JSON.parse(found.content) as Json }] : [];
  }),
);

/** The value with another text, number or truth in one place, for each place. */
function* changed(value: Json): Generator<Json> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) for (const other of changed(inner)) yield value.with(index, other);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      for (const other of changed(inner)) yield { ...value, [key]: other };
      yield Object.fromEntries(Object.entries(value).map(([name, each]) => [name === key ? `${key}2` : name, each]));
    }
  } else yield 'another';
}

test('whatever changes in a contract, a part of it does', () => {
  let tried = 0;
  for (const { model, path, contract } of models) {
    const before = [...modelParts(path, contract, model)];
    for (const other of changed(contract)) {
      tried += 1;
      assert.is.not(JSON.stringify([...modelParts(path, other, model)]), JSON.stringify(before), JSON.stringify(other));
    }
  }
  assert.ok(tried > 200);
});

test('a part follows from one view, one entity or the model alone', () => {
  for (const { model, path, contract } of models) {
    const parts = modelParts(path, contract, model);
    for (const view of new Set(model.features.map((feature) => feature.view))) {
      const said = [...parts].filter(([, text]) => text.includes(`"${view}__`)).map(([name]) => name);
      assert.equal(said, [`feature_view/${view}`], path);
    }
  }
});

test.run();
