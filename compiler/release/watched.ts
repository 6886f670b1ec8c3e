/** What a drift shows beside the tools' live sides: things that a deploy starts or leaves to others. */
import type { PlainObject } from '../diff/state.ts';
import { parseGeneratedJson } from '../operate/machine/generated-json.ts';
import { secretsOfUser } from '../operate/supervisor/given-secrets.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import { platformStatus } from '../operate/supervisor/status.ts';
import { resolveUnits } from '../operate/supervisor/units.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Live, throughRuntime } from '../tools/live.ts';
import type { Compared } from './drift.ts';
import { liveSides } from './registry.ts';

export const comparedIn = (workspace: Workspace): Compared[] => [
  processes(workspace),
  champions(workspace),
  ...services(workspace),
  ...liveSides,
];

/**
 * Each runs, and with what was deployed: its command, settings, files that it reads, and values of secrets. An API that
 * waits for its first champion does run.
 */
const processes = (workspace: Workspace): Compared => ({
  name: 'processes',
  after: [],
  isIn: () => true,
  wayBack: `\`mlops deploy --env ${workspace.environment}\` starts what does not run as it was deployed.`,
  async desired() {
    const units = resolveUnits(workspace, readPlan(workspace), secretsOfUser(workspace));
    return new Map(
      units.map(({ name, kind, digest }) => [`process/${name}`, as(kind === 'step' ? 'done' : 'healthy', digest)]),
    );
  },
  async observe() {
    const { processes: now } = await platformStatus(workspace);
    const asked = new Map(now.map(({ name, state }) => [name, state === 'not ready' ? 'healthy' : state]));
    const units = liveSupervisor(workspace)?.units ?? [];
    return new Map(units.map((unit) => [`process/${unit.name}`, as(asked.get(unit.name) ?? unit.state, unit.digest)]));
  },
});

/** What our own services say of themselves. Each comes to what it is to be by itself, once what it needs is there. */
const services = ({ environment }: Workspace): Compared[] =>
  Object.entries({
    serving: `\`mlops logs --env ${environment}\` says why an API does not serve its champion.`,
    streaming: '/readyz of the consumer says what it waits for.',
    monitor: '/readyz of the monitor says why it does not measure.',
  }).map(([name, wayBack]) => {
    const { desired, observe } = throughRuntime(name);
    const isIn: Compared['isIn'] = (live) => SERVED[name]?.(servicesIn(live)) === true;
    return { name, after: [], isIn, wayBack, desired, observe, looks: 5 };
  });

const SERVED: Record<string, (found: Services) => boolean> = {
  serving: ({ apis }) => apis.length > 0,
  streaming: ({ consumers }) => consumers.length > 0,
  monitor: ({ monitors }) => monitors.length > 0,
};

interface Services {
  apis: unknown[];
  consumers: unknown[];
  monitors: unknown[];
}

/** None in a release of an older compiler. */
function servicesIn(live: Live): Services {
  const path = `${live.environment}/runtime/services.json`;
  const text = live.read(path);
  const none: Services = { apis: [], consumers: [], monitors: [] };
  return text === null ? none : (parseGeneratedJson(`generated/${path}`, text) as Services);
}

/** Characters of a digest: enough to tell two apart. */
const SHOWN = 12;

const as = (state: string, digest: string): PlainObject => ({ state, with: digest.slice(0, SHOWN) });

/** Training and `mlops promote` move champions too, and record it; what is recorded nowhere was done by hand. */
const champions = (workspace: Workspace): Compared => ({
  name: 'champions',
  after: [],
  isIn: (live) => live.list('common/mlflow').length > 0 && live.address('mlflow') !== null,
  wayBack:
    `\`mlops promote MODEL VERSION --env ${workspace.environment}\` makes either version the champion, ` +
    'with a record of who and why.',
  desired: aliases.desired,
  observe: aliases.observe,
});

const aliases = throughRuntime('champions');
