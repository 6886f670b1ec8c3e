import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { ask } from '../../clients/http.ts';
import type { Plain, PlainObject, State } from '../../diff/state.ts';
import { count, type Live, type LiveSide } from '../live.ts';

/** Alertmanager reads its file again. */
export const live: LiveSide = {
  name: 'alertmanager',
  after: [],
  patience: 10,
  isIn: (live) => live.address('alertmanager') !== null,
  desired: async (live) => desired(live),
  observe: (live) => observe(live),
  async apply(live) {
    await ask('Alertmanager', `${live.address('alertmanager')}/-/reload`, { method: 'POST', timeout: 30 });
    return { done: 'read its file again' };
  },
  async check(_live, observed) {
    const receivers = [...observed.keys()].filter((address) => address.startsWith('alertmanager/receiver/'));
    return `${count(receivers.length, 'receiver')} as compiled`;
  },
};

interface Configuration {
  route: Route;
  receivers: ({ name: string } & Record<string, unknown[]>)[];
}

interface Route {
  continue?: boolean;
  routes?: Route[];
  [setting: string]: unknown;
}

function desired(live: Live): State {
  const text = live.read(`${live.environment}/alertmanager/alertmanager.yml`) ?? '';
  return stateOf(parse(text) as Configuration, hashOf(text));
}

async function observe(live: Live): Promise<State> {
  const address = live.address('alertmanager');
  const { config } = await ask<{ config: { original: string } }>('Alertmanager', `${address}/api/v2/status`);
  const metrics = await ask<string>('Alertmanager', `${address}/metrics`);
  const hash = /^alertmanager_config_hash (\S+)$/m.exec(metrics)?.[1];
  return stateOf(parse(config.original) as Configuration, Number(hash));
}

/** Routes and receivers as they are; secrets and texts, which it hides or fills with defaults, by the file's hash. */
const stateOf = ({ route, receivers }: Configuration, hash: number): State =>
  new Map<string, PlainObject>([
    ['alertmanager/file', { hash }],
    ['alertmanager/route', withoutDefaults(route)],
    ...receivers.map(({ name, ...integrations }): [string, PlainObject] => [
      `alertmanager/receiver/${name}`,
      Object.fromEntries(Object.entries(integrations).map(([kind, settings]) => [kind, settings.length])),
    ]),
  ]);

function withoutDefaults({ routes = [], continue: goesOn = false, ...settings }: Route): PlainObject {
  const below = routes.map(withoutDefaults);
  return {
    ...(settings as Record<string, Plain>),
    ...(goesOn ? { continue: true } : {}),
    ...(below.length > 0 ? { routes: below } : {}),
  };
}

/** Alertmanager's own hash of its file: the first six bytes of the MD5 digest as a number. */
const hashOf = (text: string): number => createHash('md5').update(text).digest().readUIntLE(0, 6);
