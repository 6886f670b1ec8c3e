/** Passwords that the platform made for itself are changed while requests come. */
import { scoringPipeline } from '../../compiler/link/derived-names.ts';
import { type Chapter, eventually, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';
/** Features could not be had in the time that the API takes for them. */
const LATE = '504';

interface Rotated {
  secret: string;
  /** Whether this value opens what it is for. */
  opens(stage: Stage, value: string): Promise<boolean>;
  /** Whether callers of the API notice. Redis starts again, and what the API has looked up is nowhere else. */
  isNoticed: boolean;
}

const rotated: Rotated[] = [
  { secret: 'airflow-deploy', opens: opensAirflow, isNoticed: false },
  { secret: 'postgres', opens: (stage, value) => probe(stage, 'postgres', value), isNoticed: false },
  { secret: 'redis', opens: (stage, value) => probe(stage, 'redis', value), isNoticed: true },
];

export const chapter: Chapter = {
  title: 'Secrets get another value',
  async run(stage) {
    for (const each of rotated)
      await stage.check(`${each.secret} is rotated under load: the old value opens nothing, and all goes on`, () =>
        rotate(stage, each),
      );
    await stage.check('after that a deploy has nothing to do, and a pipeline runs to its end', async () => {
      const printed = await stage.mlops('deploy', '--env', stage.environment);
      if (!/Processes +[\d.]+ \w+ +nothing changed/.test(printed)) throw new Error(printed);
      await stage.mlops('run', scoringPipeline(MODEL), '--follow', '--env', stage.environment);
    });
  },
};

async function rotate(stage: Stage, { secret, opens, isNoticed }: Rotated): Promise<void> {
  const old = stage.secret(secret);
  if (!(await opens(stage, old))) throw new Error('what opens it now does not open it');
  const traffic = await Traffic.start(stage, MODEL);
  const begun = Date.now();
  try {
    await stage.mlops('secrets', 'rotate', secret, '--env', stage.environment);
    const answered = traffic.answered.length;
    await eventually(60, async () => {
      if (traffic.answered.length < answered + 100) throw new Error('no request is answered any more');
    });
  } finally {
    await traffic.stop();
  }
  stage.note(
    `${secret}: ${((Date.now() - begun) / 1000).toFixed(0)} s; ${traffic.answered.length} requests answered ` +
      `meanwhile, not answered: ${traffic.failures()}`,
  );
  if (stage.secret(secret) === old) throw new Error('it has the value of before');
  if (await opens(stage, old)) throw new Error('the old value still opens it');
  if (!(await opens(stage, stage.secret(secret)))) throw new Error('the new value does not open it');
  // Where all that holds it starts again on two cores, an API may be late.
  const isLost = traffic.failed.some((reason) => reason !== LATE);
  if (!isNoticed && isLost) throw new Error(`requests were lost: ${traffic.failures()}`);
}

async function opensAirflow(stage: Stage, password: string): Promise<boolean> {
  const response = await fetch(`${stage.address('airflow-api-server')}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'deploy', password }),
    signal: AbortSignal.timeout(15_000),
  });
  await response.text();
  if (![201, 401].includes(response.status)) throw new Error(`Airflow answers ${response.status}`);
  return response.ok;
}

async function probe(stage: Stage, server: 'postgres' | 'redis', value: string): Promise<boolean> {
  const said = await stage.python('test/servers/rotations_probe.py', server, String(stage.port(server)), value);
  return said.trim().endsWith('open');
}
