import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emit } from '../compile.ts';
import { fixtureIr } from './fixture.ts';

test('two files with one path are a bug, whatever the cause', () => {
  const ir = fixtureIr();
  const environments = ir.environments.map((each) => (each.name === 'local' ? { ...each, name: 'common' } : each));
  assert.throws(
    () => emit({ ...ir, environments }),
    'common/serving/departure_delay.json is emitted twice: from models/departure_delay/model.yaml and from ' +
      'platform.yaml',
  );
  assert.throws(() => emit({ ...ir, models: [...ir.models, ...ir.models] }), /is emitted twice/);
});

test.run();
