import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGoldens } from '../../test/goldens.ts';
import { ir, local } from '../fixture.ts';
import { runtime } from './emit.ts';

test('what runtime gets for the fixture is what its golden files hold', () => {
  assertGoldens(runtime, join(import.meta.dirname, 'golden'));
});

test('secrets reach the environment by name only', () => {
  const environment = { ...local, secrets: { provider: 'file' as const, dir: 'secrets' } };
  const { secrets, connections } = JSON.parse(runtime.emitEnvironment(ir, environment)[0]?.content ?? '');
  assert.equal(secrets, { provider: 'file', dir: 'secrets' });
  assert.equal(connections.airline.secrets, { password: 'airline' });
});

test.run();
