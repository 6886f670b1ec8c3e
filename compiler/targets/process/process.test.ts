import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGoldens } from '../../test/goldens.ts';
import { ir, local } from '../fixture.ts';
import { process } from './emit.ts';

test('what process gets for the fixture is what its golden files hold', () => {
  assertGoldens(process, join(import.meta.dirname, 'golden'));
});

interface Unit {
  name: string;
  command: string[];
  needs: string[];
  lock?: string | null;
}

const plan = JSON.parse(process.emitEnvironment(ir, local)[0]?.content ?? '') as { setup: Unit[]; processes: Unit[] };
const units = [...plan.setup, ...plan.processes];

test('what a process needs exists, and nothing needs itself in a circle', () => {
  const started = new Set<string>();
  for (let waiting = units; waiting.length > 0; ) {
    const ready = waiting.filter(({ needs }) => needs.every((name) => started.has(name)));
    assert.ok(ready.length > 0, `${waiting.map(({ name }) => name)} wait for each other`);
    for (const { name } of ready) started.add(name);
    waiting = waiting.filter(({ name }) => !started.has(name));
  }
});

test('a model with a lock of its own is served in that environment', () => {
  const models = ir.models.map((model) => ({ ...model, lock: 'models/departure_delay/requirements.lock' }));
  const { processes } = JSON.parse(process.emitEnvironment({ ...ir, models }, local)[0]?.content ?? '') as { processes: Unit[] };
  assert.equal(
    processes.filter(({ lock }) => lock !== null).map(({ name }) => name),
    ['serving-departure_delay'],
  );
});

test.run();
