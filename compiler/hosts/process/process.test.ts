import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr, LOCK } from '../../test/fixture.ts';

interface Unit {
  canary?: { share: number; seconds: number };
  name: string;
  command: string[];
  needs: string[];
  env: Record<string, string>;
  lock?: string | null;
}

interface Plan {
  setup: Unit[];
  processes: Unit[];
  environment_variables: Record<string, string>;
}

const planOf = (environment: string, ir = fixtureIr()) =>
  JSON.parse(filesOf(ir).get(`${environment}/process/processes.json`) ?? '') as Plan;
const circleFree = (environment: string) => () => {
  const { setup, processes } = planOf(environment);
  const started = new Set<string>();
  for (let waiting = [...setup, ...processes]; waiting.length > 0; ) {
    const ready = waiting.filter(({ needs }) => needs.every((name) => started.has(name)));
    assert.ok(ready.length > 0, `${waiting.map(({ name }) => name)} wait for each other`);
    for (const { name } of ready) started.add(name);
    waiting = waiting.filter(({ name }) => !started.has(name));
  }
};
test('what a process needs exists, and nothing needs itself in a circle', circleFree('local'));
test('the same with servers', circleFree('staging'));

test('no command line holds a secret, because everyone on the machine can read it', () => {
  const { setup, processes } = planOf('staging');
  for (const { name, command } of [...setup, ...processes]) assert.not.match(command.join(' '), 'secret:', name);
});

test("PostgreSQL's superuser is known to the steps that make the cluster and its databases alone", () => {
  const { setup, processes, environment_variables } = planOf('staging');
  const told = [...setup, ...processes, { name: 'all', env: environment_variables }].filter(({ env }) =>
    JSON.stringify(env).includes('postgres-admin'),
  );
  assert.equal(
    told.map(({ name }) => name),
    ['postgres-cluster', 'databases'],
  );
});

test('a model with a lock of its own is served in that environment', () => {
  const { processes } = planOf('local', fixtureIr({ 'models/departure_delay/requirements.lock': LOCK }));
  assert.equal(
    processes.filter(({ lock }) => lock !== null).map(({ name }) => name),
    ['serving-departure_delay'],
  );
});

test("with servers an API's next process is tried as the spec says; elsewhere it takes over at once", () => {
  const contracts = filesOf(fixtureIr());
  const contractOf = (environment: string) =>
    JSON.parse(contracts.get(`${environment}/serving/departure_delay.json`) ?? '').rollout;
  const canaryOf = (environment: string) =>
    planOf(environment).processes.find(({ name }) => name === 'serving-departure_delay')?.canary;
  assert.equal([canaryOf('local'), canaryOf('staging')], [undefined, { share: 0.1, seconds: 900 }]);
  const stated = { share: 0.1, seconds: 900, errors: 0.02, latency_seconds: 0.2 };
  assert.equal(['local', 'staging', 'prod'].map(contractOf), [null, stated, null]);
});

test.run();
