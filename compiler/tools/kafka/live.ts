import { type Applied, count, type LiveSide, throughRuntime } from '../live.ts';

const side = throughRuntime('kafka');

/** Topics. What would lose records is refused, and a topic that nobody asked for goes only while it is empty. */
export const live: LiveSide = {
  name: 'kafka',
  stage: 'one-way things',
  after: [],
  patience: 20,
  isIn: (live) => live.list('common/kafka').length > 0 && live.list(`${live.environment}/kafka`).length > 0,
  ...side,
  async apply(live, changes) {
    const { left, ...done } = (await side.apply(live, changes)) as unknown as Evidence;
    const said = Object.entries(done).filter(([, names]) => names.length > 0);
    return { done: said.map(([what, names]) => `${what} ${names.join(', ')}`).join('; '), left };
  },
  check: async (_live, observed) => `${count(observed.size, 'topic')} as compiled`,
};

interface Evidence {
  made: string[];
  altered: string[];
  repartitioned: string[];
  removed: string[];
  left: NonNullable<Applied['left']>;
}
