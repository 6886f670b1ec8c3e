import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../test/fixture.ts';

test('secrets reach the environment by name only', () => {
  const { secrets, connections } = JSON.parse(filesOf(fixtureIr()).get('prod/runtime/environment.json') ?? '');
  assert.equal(secrets, { provider: 'file', dir: 'secrets' });
  assert.equal(connections.airline.secrets, { password: 'airline' });
});

test.run();
