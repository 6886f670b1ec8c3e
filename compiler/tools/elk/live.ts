import { type LiveSide, throughRuntime } from '../live.ts';

const side = throughRuntime('elk');

/** Templates, pipelines, lifecycles and data streams of the index of logs. */
export const live: LiveSide = {
  name: 'elk',
  stage: 'one-way things',
  after: [],
  patience: 10,
  isIn: (live) => live.list(`${live.environment}/elk`).length > 0,
  ...side,
  async apply(live, changes) {
    await side.apply(live, changes);
    return { done: `changed ${changes.map(({ address }) => address.replace(/^elk\//, '')).join(', ')}` };
  },
  /** A service's line is sent through each pipeline, and not kept. */
  async check(live) {
    const { data_streams: streams, distribution } = await live.callRuntime(['live', 'elk', 'check']);
    return `${(streams as string[]).join(', ')} on ${distribution}, its pipeline reads a line`;
  },
};
