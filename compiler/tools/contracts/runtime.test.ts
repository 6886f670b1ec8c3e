import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, fixtureIr } from '../../test/fixture.ts';
import { runtime } from './tool.ts';

test('secrets reach the environment by name only', () => {
  const ir = fixtureIr();
  const { secrets, connections } = JSON.parse(runtime.emitEnvironment(ir, environmentOf(ir, 'prod'))[0]?.content ?? '');
  assert.equal(secrets, { provider: 'file', dir: 'secrets' });
  assert.equal(connections.airline.secrets, { password: 'airline' });
});

test.run();
