import type { State } from '../../diff/state.ts';
import { count, type LiveSide, throughRuntime } from '../live.ts';

const side = throughRuntime('feast');

/** Definitions in Feast's registry; what is defined no longer is removed from it. */
export const live: LiveSide = {
  name: 'feast',
  stage: 'registries and views',
  after: ['kafka'],
  // Applying ends when it is written.
  patience: 0,
  isIn: (live) => live.list(`${live.environment}/feast`).length > 0,
  ...side,
  async apply(live, changes) {
    const { registered, removed } = (await side.apply(live, changes)) as Record<string, string[]>;
    const done = { registered, removed };
    return {
      done: Object.entries(done)
        .flatMap(([what, addresses]) => (addresses?.length ? [`${what} ${addresses.map(short).join(', ')}`] : []))
        .join('; '),
    };
  },
  check: async (_live, observed) =>
    `${count(kind(observed, 'feature_view'), 'feature view')} and ` +
    `${count(kind(observed, 'feature_service'), 'service')} as compiled`,
};

const short = (address: string): string => address.replace(/^feast\//, '');

const kind = (state: State, name: string): number =>
  [...state.keys()].filter((address) => address.startsWith(`feast/${name}/`)).length;
