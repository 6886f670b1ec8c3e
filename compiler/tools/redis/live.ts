import { count, type LiveSide, throughRuntime } from '../live.ts';

const side = throughRuntime('redis');

/** The settings that the platform relies on, such as that an answered write is on disk. */
export const live: LiveSide = {
  name: 'redis',
  after: [],
  patience: 0,
  isIn: (live) => live.list(`${live.environment}/redis`).length > 0,
  ...side,
  async apply(live, changes) {
    await side.apply(live, changes);
    return { done: `set ${changes.map(({ address }) => address.replace(/^redis\/setting\//, '')).join(', ')}` };
  },
  check: async (_live, observed) => `${count(observed.size, 'setting')} as compiled`,
};
